package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetupCommandTest {

  @TempDir Path home;

  @Test
  void saysInOneLineThatItWasInterrupted() throws Exception {
    // given
    Path aiperf = Files.writeString(home.resolve("aiperf"), "#!/bin/sh\nexec sleep 60\n");
    Files.setPosixFilePermissions(aiperf, PosixFilePermissions.fromString("rwx------"));

    // when
    Thread.currentThread().interrupt();
    ExecutedCommand setup = ExecutedCommand.in(home, "setup", "--use", aiperf.toString());

    // then
    assertThat(setup.err()).isEqualTo("caravan: interrupted\n");
    assertThat(setup.exit()).isEqualTo(Exit.INTERRUPTED);
  }

  @Test
  void refusesAVersionOfAnAiperfThatIsThere() throws Exception {
    // given
    String aiperf = home.resolve("none").toString();

    // when
    ExecutedCommand setup =
        ExecutedCommand.in(home, "setup", "--use", aiperf, "--version", "0.12.0");

    // then
    assertThat(setup.err()).startsWith("--use and --version exclude each other\n");
    assertThat(setup.exit()).isEqualTo(Exit.REFUSED);
  }
}
