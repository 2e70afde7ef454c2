package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.settings.Settings;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Commands in a home whose files they cannot read, such as that of another user. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class UnreadableHomeTest {

  @TempDir private Path home;

  /** A file where a folder must be, for root, too, whom nothing is denied. */
  @Test
  void sayWhyTheyCannotWrite() throws IOException {
    // given
    Files.createDirectories(home.resolve("inbox"));
    Path broken = Files.createDirectories(home.resolve(".caravan")).resolve("control");
    Files.createFile(broken);

    // when
    ExecutedCommand executed = ExecutedCommand.in(home, "pause");

    // then
    assertThat(executed.err()).isEqualTo("caravan: " + broken + ": is there already\n");
    assertThat(executed.exit()).isEqualTo(Exit.REFUSED);
  }

  @Test
  void sayInOneLineWhatTheyDoNotExpect() {
    // given
    NoEngine engine =
        new NoEngine() {
          @Override
          public RouteOverview routes(Settings settings) throws IOException {
            throw new AccessDeniedException("/h/routes");
          }
        };

    // when
    ExecutedCommand executed = ExecutedCommand.of(engine, "routes");

    // then
    assertThat(executed.err()).isEqualTo("caravan: /h/routes: permission denied\n");
    assertThat(executed.exit()).isEqualTo(Exit.REFUSED);
  }
}
