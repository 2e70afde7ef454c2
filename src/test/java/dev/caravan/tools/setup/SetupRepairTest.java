package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which environments the setup keeps, and which it makes anew. */
class SetupRepairTest extends SetupTestBase {

  @Test
  void recreatesAnIncompleteEnvironment() throws Exception {
    // given
    python.write("python3.13");
    setup().install("0.13.0", List.of());
    Files.delete(location.completeMarker("0.13.0"));
    Path leftover = Files.writeString(location.venv("0.13.0").resolve("leftover"), "");

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(leftover).doesNotExist();
    assertThat(location.completeMarker("0.13.0")).exists();
  }

  @Test
  void recreatesAnEnvironmentWithABrokenAiperf() throws Exception {
    // given
    python.write("python3.13");
    Path aiperf = setup().install("0.13.0", List.of());
    FakePython.script(aiperf, "#!/no/such/python\n");

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(progress).last().asString().contains("is ready");
  }

  @Test
  void keepsAnEnvironmentWhoseAiperfIsTooSlowToAnswer() throws Exception {
    // given
    python.write("python3.13");
    Path slow = setup().install("0.13.0", List.of());
    FakePython.script(slow, "#!/bin/sh\nsleep 20\n");
    Setup impatient = setup((aiperf, tokenizers) -> {}, Duration.ofSeconds(1));

    // then
    assertThatThrownBy(() -> impatient.install("0.13.0", List.of()))
        .hasMessage(
            slow
                + " --version took longer than 1 s; try again when this machine is less"
                + " busy");
    assertThat(slow).exists();
    assertThat(location.completeMarker("0.13.0")).exists();
  }

  @Test
  void keepsAnEnvironmentOfAVersionThatIsWrittenShorter() throws Exception {
    // given
    python.write("python3.13");
    Path aiperf = setup().install("0.12", List.of());
    FakePython.script(aiperf, "#!/bin/sh\necho 0.12.0\n");

    // when
    setup().install("0.12", List.of());

    // then
    assertThat(
            Files.readAllLines(python.calls()).stream().filter(line -> line.contains("aiperf==")))
        .hasSize(1);
  }

  @Test
  void fillsAndRepairsTheTokenizerCache() throws Exception {
    // given
    python.write("python3.13");
    setup().install("0.13.0", List.of());
    Path o200k = location.tokenizers().resolve("fb374d419588a4632f3f557e76b4b70aebbca790");
    Files.writeString(o200k, "half");

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(o200k).hasSize(3_613_922);
    assertThat(location.tokenizers().resolve("9b5ad71b2ce5302211f9c61530b329a4922fc6a4"))
        .hasSize(1_681_126);
    assertThat(location.tokenizers()).isDirectoryNotContaining("glob:**.tmp");
  }
}
