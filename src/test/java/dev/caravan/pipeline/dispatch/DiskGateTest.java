package dev.caravan.pipeline.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.settings.Settings;
import dev.caravan.storage.Home;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
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
  void coversEveryFolderThatMayHoldResults() {
    // given
    Home home = new Home(folder);
    Map<String, String> roots = Map.of("CARAVAN_RESULTS_ROOTS", "/srv/results,other");
    // when
    DiskGate gate = DiskGate.of(Settings.of(folder, roots, new Properties()), home);
    // then
    assertThat(gate.folders())
        .containsExactly(folder, home.results(), Path.of("/srv/results"), folder.resolve("other"));
  }

  @Test
  void leavesOutAHomeThatHoldsNoResults() {
    // given: a read-only file system has no free space
    Home home = new Home(Path.of("/proc"), folder.resolve("state"));
    // when
    DiskGate gate = DiskGate.of(Settings.of(folder, Map.of(), new Properties()), home);
    // then
    assertThat(gate.folders()).containsExactly(folder.resolve("state"));
    assertThat(gate.closedReason()).isEmpty();
  }

  @Test
  void knowsTheFreeSpaceOfTheFullestDisk() {
    assertThat(new DiskGate(List.of(Path.of("/proc"), folder), 0).freeBytes()).isZero();
    assertThat(new DiskGate(List.of(folder), 0).freeBytes()).isPositive();
  }

  @Test
  void saysThatAFileSystemDoesNotTellItsSize() {
    // given
    Path sizeless = Path.of("/proc");
    // then
    assertThat(new DiskGate(List.of(sizeless), 1).closedReason())
        .contains("cannot determine the free space of /proc");
    assertThat(new DiskGate(List.of(sizeless), 0).closedReason()).isEmpty();
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
