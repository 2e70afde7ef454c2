package dev.caravan.fleet.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.model.RunOrder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.StateFolder;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs in flight whose files cannot be read for a moment. */
class InFlightRunsTest {

  private final DurableFiles files = new DurableFiles();
  @TempDir private Path folder;
  private Home home;
  private InFlightRuns runs;

  @BeforeEach
  void opens() throws Exception {
    Assumptions.assumeFalse("root".equals(System.getProperty("user.name")), "root reads all");
    home = new Home(folder);
    runs = new InFlightRuns(home, files);
  }

  @Test
  void forgetsNoRunThatItCannotRead() throws Exception {
    // given
    InFlightRun sent = runs.begin(RunOrder.execute("a/1", "/b", 0), "default", 1);
    Path file = files.list(StateFolder.IN_FLIGHT.in(home)).get(0);
    allow(file, "---------");
    // then
    assertThatThrownBy(() -> new InFlightRuns(home, files))
        .isInstanceOf(AccessDeniedException.class);
    allow(file, "rw-------");
    assertThat(new InFlightRuns(home, files).all()).containsExactly(sent);
  }

  @Test
  void dropsNoLateOutcomeOfARunThatItCannotRead() throws Exception {
    // given
    InFlightRun lost = runs.begin(RunOrder.execute("a/1", "/b", 0), "default", 1);
    runs.supersede(lost);
    Path superseded = StateFolder.SUPERSEDED.in(home);
    for (Path unreadable : new Path[] {files.list(superseded).get(0), superseded}) {
      allow(unreadable, "---------");
      // then
      assertThatThrownBy(() -> runs.superseded(lost.deliveryId()))
          .isInstanceOf(AccessDeniedException.class);
      allow(unreadable, "rwx------");
    }
    assertThat(runs.superseded(lost.deliveryId())).contains(lost);
  }

  private static void allow(Path path, String access) throws Exception {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(access));
  }
}
