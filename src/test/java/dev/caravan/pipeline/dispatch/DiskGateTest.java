package dev.caravan.pipeline.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskGateTest {

  @TempDir Path folder;

  @Test
  void isClosedWhileLessIsFreeThanWanted() {
    // given
    Path gone = folder.resolve("gone");
    // then
    assertThat(new DiskGate(List.of(gone, folder), Long.MAX_VALUE).closed().orElseThrow())
        .contains("caravan.disk.min-free", folder.toString());
    assertThat(new DiskGate(List.of(gone, folder), 0).closed()).isEmpty();
  }

  @Test
  void saysTheSameForAsLongAsItIsClosed() {
    // given: what is free changes all the time, but is worth one line in the log only
    DiskGate gate = new DiskGate(List.of(folder), 900_000_000_000_000L);
    // then
    assertThat(gate.closed())
        .contains(
            "less than the 900000000 MB of caravan.disk.min-free are free on the disk of "
                + folder);
  }
}
