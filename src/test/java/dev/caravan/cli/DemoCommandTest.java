package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.settings.SettingsRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {

  @TempDir private Path folder;

  @Test
  void triesAiperfWithTheVariablesThatItsDaemonsPassOn() throws IOException {
    // given: an aiperf that does not start without a variable
    Path aiperf = folder.resolve("aiperf");
    Files.writeString(aiperf, "#!/bin/sh\n[ \"$LD_LIBRARY_PATH\" ] && echo 0.13.0\n");
    Files.setPosixFilePermissions(aiperf, PosixFilePermissions.fromString("rwx------"));
    Map<String, String> variables =
        Map.of("PATH", System.getenv("PATH"), "LD_LIBRARY_PATH", folder.toString());

    // when, then
    assertThatThrownBy(() -> DemoCommand.checkAiperf(aiperf.toString(), variables))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContaining("--version");
    assertThatCode(() -> DemoCommand.checkAiperf(aiperf.toString(), allowing(variables)))
        .doesNotThrowAnyException();
  }

  private static Map<String, String> allowing(Map<String, String> variables) {
    return Map.of(
        "PATH", variables.get("PATH"),
        "LD_LIBRARY_PATH", variables.get("LD_LIBRARY_PATH"),
        "CARAVAN_AIPERF_ENVIRONMENT", "LD_LIBRARY_PATH");
  }
}
