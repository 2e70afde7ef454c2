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
}
