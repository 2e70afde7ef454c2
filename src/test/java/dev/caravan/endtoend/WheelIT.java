package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.FakeAiperf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wheel, in a fresh virtual environment, with no Java but its own. */
class WheelIT {

  private static final Path CHECKOUT = Path.of(System.getProperty("caravan.test.basedir", "."));

  @Test
  void runsTheDemo(@TempDir Path folder) throws Exception {
    // given
    Path aiperf = FakeAiperf.always(folder.resolve("bin"), "fake-ok");
    script("scripts/package.sh", "--wheel");

    // when
    String output = script("scripts/check-wheel.sh", "--aiperf", aiperf.toString());

    // then
    assertThat(output)
        .contains("caravan ", ": valid, ", "Report: ")
        .doesNotContain("The demo ends early");
  }

  private static String script(String... command) throws IOException, InterruptedException {
    List<String> limited = new ArrayList<>(List.of("timeout", "900"));
    limited.addAll(List.of(command));
    Process script =
        new ProcessBuilder(limited)
            .directory(CHECKOUT.toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .start();
    String output = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(script.waitFor()).as(List.of(command) + ": " + output).isZero();
    return output;
  }
}
