package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that look at a home of which {@code --home} names no folder, as with a typing error. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class MissingHomeTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "list",
        "watch",
        "release",
        "baseline",
        "prune --keep 1",
        "trend b",
        "report b",
        "compare a b",
        "pause",
        "cancel b",
        "routes --check"
      })
  void areRefused(String command) throws IOException {
    // given
    Path missing = folder.resolve("typo");
    Path file = Files.createFile(folder.resolve("file"));

    // then
    assertRefused(missing, command);
    assertRefused(file, command);
    assertThat(missing).doesNotExist();
  }

  private static void assertRefused(Path home, String command) {
    ExecutedCommand executed = ExecutedCommand.in(home, command.split(" "));
    assertThat(executed.err())
        .isEqualTo("caravan: caravan.home: there is no folder " + home + "\n");
    assertThat(executed.out()).isEmpty();
    assertThat(executed.exit()).isEqualTo(Exit.REFUSED);
  }
}
