package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands on a home of another user, of which a folder on the way may not be entered. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class ClosedHomeTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "release, ., home",
    "release, home/.caravan, home/.caravan",
    "release, home, home",
    "routes, home, home",
    "pause, home, home",
    "status, home/.caravan, home/.caravan",
    "list, ., home"
  })
  void sayThatItIsClosed(String command, String shutFolder, String closed) throws IOException {
    // given
    Path home = folder.resolve("home");
    Files.createDirectories(home.resolve(".caravan"));
    Path shut = folder.resolve(shutFolder);
    Files.setPosixFilePermissions(shut, PosixFilePermissions.fromString("rw-r--r--"));
    assumeFalse(Files.isExecutable(shut), "root may enter every folder");

    // when
    ExecutedCommand executed = ExecutedCommand.in(home, command);

    // then
    assertThat(executed.err())
        .isEqualTo("caravan: caravan.home: " + folder.resolve(closed) + ": permission denied\n");
    assertThat(executed.out()).isEmpty();
    assertThat(executed.exit()).isEqualTo(Exit.REFUSED);
  }

  @AfterEach
  void open() throws IOException {
    for (String name : List.of("", "home", "home/.caravan")) {
      Files.setPosixFilePermissions(
          folder.resolve(name), PosixFilePermissions.fromString("rwx------"));
    }
  }
}
