package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell that kills wrapper programs when its input ends, as it does when the JVM dies. */
class OrphanGuardTest {

  @TempDir private Path temp;
  private Process wrapper;

  @BeforeEach
  void startsAWrapperWithoutASession() throws IOException {
    wrapper = new ProcessBuilder("/bin/sleep", "600").start();
  }

  @AfterEach
  void endsTheWrapper() {
    wrapper.destroyForcibly();
  }

  @Test
  void killsAWrapperThatHasNoSessionYet() throws Exception {
    // when
    guard(List.of("+ " + wrapper.pid() + " " + temp));
    // then
    assertThat(wrapper.waitFor()).isEqualTo(128 + 9);
  }

  @Test
  void sparesAWrapperWhoseTreeHasEnded() throws Exception {
    // when
    guard(List.of("+ " + wrapper.pid() + " " + temp, "- " + wrapper.pid() + " " + temp));
    // then
    assertThat(wrapper.isAlive()).isTrue();
  }

  private static void guard(List<String> lines) throws Exception {
    Process shell =
        new ProcessBuilder("/bin/sh", "-c", Launcher.read("orphans.sh"))
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start();
    try (OutputStream input = shell.getOutputStream()) {
      input.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    shell.waitFor();
  }
}
