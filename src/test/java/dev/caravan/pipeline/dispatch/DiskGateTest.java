package dev.caravan.pipeline.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskGateTest {

  @TempDir Path folder;

  @Test
  void isClosedWhileTooLittleSpaceIsFree() {
    // given
    Path gone = folder.resolve("gone");
    // then
    assertThat(new DiskGate(List.of(gone, folder), Long.MAX_VALUE).closedReason().orElseThrow())
        .contains("caravan.disk.min-free", folder.toString());
    assertThat(new DiskGate(List.of(gone, folder), 0).closedReason()).isEmpty();
  }

  @Test
  void givesTheSameReasonWhileItIsClosed() {
    // given: the free space changes all the time, but the log should have one line only
    DiskGate gate = new DiskGate(List.of(folder), 900_000_000_000_000L);
    // then
    assertThat(gate.closedReason())
        .contains(
            "less than 900000000 MB (caravan.disk.min-free) are free on the disk of " + folder);
  }
}
