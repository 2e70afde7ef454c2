package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SetupTest extends SetupTestBase {

  private final List<Path> warmed = new CopyOnWriteArrayList<>();

  @BeforeEach
  void setUp() {
    environment.put("PYTHONPATH", "/elsewhere");
    environment.put("COLUMNS", "0");
  }

  @Test
  void installsTheRequestedVersion() throws Exception {
    // given
    python.write("python3.13");

    // when
    Path aiperf = setup().install("0.13.0", List.of());

    // then
    assertThat(aiperf)
        .isEqualTo(temp.resolve("data/caravan/aiperf-0.13.0/bin/aiperf"))
        .isExecutable();
    assertThat(location.aiperf()).contains(aiperf);
    assertThat(warmed).containsExactly(aiperf);
    assertThat(Files.readString(python.calls()))
        .contains("-m pip install --no-input", "aiperf==0.13.0 PYTHONPATH=unset COLUMNS=unset")
        .doesNotContain("/elsewhere");
  }

  @Test
  void announcesTheDownload() throws Exception {
    // given
    python.write("python3.13");

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(String.join("\n", progress))
        .containsSubsequence(
            "Setting up aiperf 0.13.0 with Python 3.12", "1.2 GB", "minutes", "is ready");
  }

  @Test
  void doesNothingWhenInstalledAlready() throws Exception {
    // given
    python.write("python3.13");
    setup().install("0.13.0", List.of());
    String calls = Files.readString(python.calls());
    progress.clear();

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(progress)
        .containsExactly("aiperf 0.13.0 is already installed: " + location.aiperf().orElseThrow());
    assertThat(Files.readString(python.calls())).isEqualTo(calls);
    assertThat(warmed).hasSize(1);
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
        .hasMessage(slow + " --version took longer than 1 s; try again when less runs here");
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
  void showsTheLastLinesOfPipAndRetriesNextTime() throws Exception {
    // given
    python
        .beforePipInstall("for i in $(seq 1 40); do echo line $i; done; exit 1")
        .write("python3.13");

    // then
    assertThatThrownBy(() -> setup().install("0.13.0", List.of()))
        .isInstanceOf(SetupFailedException.class)
        .message()
        .contains("failed (exit 1)", "line 40", "line 26", location.log().toString())
        .doesNotContain("line 25");
    assertThat(location.aiperf()).isEmpty();

    // when
    python.beforePipInstall(":").write("python3.13");

    // then
    assertThat(setup().install("0.13.0", List.of())).exists();
  }

  @Test
  void reportsProgressWhilePipRuns() throws Exception {
    // given
    Path go = temp.resolve("go");
    python.beforePipInstall(
        "echo Downloading torch; until [ -e '" + go + "' ]; do sleep 0.05; done");
    python.write("python3.13");

    // when
    CompletableFuture<Path> setup = CompletableFuture.supplyAsync(this::installed);
    await()
        .until(
            () -> progress.stream().anyMatch(line -> line.contains(": installing: Downloading")));
    Files.createFile(go);

    // then
    assertThat(setup.get()).exists();
  }

  @Test
  void serialisesConcurrentCalls() throws Exception {
    // given
    python.beforePipInstall("sleep 0.3").write("python3.13");

    // when
    CompletableFuture<Path> one = CompletableFuture.supplyAsync(this::installed);
    CompletableFuture<Path> other = CompletableFuture.supplyAsync(this::installed);

    // then
    assertThat(one.get()).isEqualTo(other.get());
    assertThat(
            Files.readAllLines(python.calls()).stream().filter(line -> line.contains("aiperf==")))
        .hasSize(1);
  }

  @Test
  void choosesTheNewestSupportedPython() throws Exception {
    // given
    python.version("3.9").write("python3.13");
    python.version("3.11").write("python3.11");

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(progress.get(0))
        .endsWith("with Python 3.11 (" + temp.resolve("bin/python3.11") + ")");
  }

  @Test
  void reportsAMissingPython() throws Exception {
    // given
    python.version("3.9").write("python3");

    // then
    assertThatThrownBy(() -> setup().install("0.13.0", List.of()))
        .hasMessage(
            "aiperf needs Python 3.11, 3.12 or 3.13; %s is 3.9.\n"
                    .formatted(temp.resolve("bin/python3"))
                + "  sudo apt-get install -y python3 python3-venv");
  }

  @Test
  void findsNoPythonOfThisMachineWhenTheFakeOneIsBroken() throws Exception {
    // given
    python.write("python3.13");
    FakePython.script(temp.resolve("bin/python3.13"), "#!/bin/sh\nexit 1\n");

    // then
    assertThatThrownBy(() -> setup().install("0.13.0", List.of()))
        .message()
        .startsWith("aiperf needs Python 3.11, 3.12 or 3.13; none found on PATH.\n");
  }

  @Test
  void reportsAMissingVenvModule() throws Exception {
    // given
    python.version("3.11").withoutVenv().write("python3");

    // then
    assertThatThrownBy(() -> setup().install("0.13.0", List.of()))
        .message()
        .contains("its venv module is missing", "sudo apt-get install -y python3.11-venv");
    assertThat(location.venv("0.13.0")).doesNotExist();
  }

  @Test
  void refusesInvalidVersions() {
    assertThatThrownBy(() -> setup().install("../../x", List.of()))
        .message()
        .contains("'../../x' is not an aiperf version");
    assertThatThrownBy(() -> setup().install("--index-url=x", List.of()))
        .isInstanceOf(SetupFailedException.class);
  }

  @Test
  void selectsAnInstalledAiperf() throws Exception {
    // given
    Path venv = Files.createDirectories(temp.resolve("mine/bin")).getParent();
    FakePython.script(venv.resolve("bin/aiperf"), "#!/bin/sh\necho 0.12.1\n");

    // when
    Path aiperf = setup().use(venv, List.of());

    // then
    assertThat(aiperf).isEqualTo(venv.resolve("bin/aiperf"));
    assertThat(location.aiperf()).contains(aiperf);
    assertThat(warmed).containsExactly(aiperf);
  }

  @Test
  void providesTheAiperfThatWasInstalledTogetherWithCaravanElseTheTestedOne() throws Exception {
    // given
    python.write("python3.13");
    Path installed = setup().provide(List.of());
    environment.put("CARAVAN_PACKAGE_AIPERF", installed.toString());

    // when
    Path packaged = setup().provide(List.of());

    // then
    assertThat(installed).isEqualTo(temp.resolve("data/caravan/aiperf-0.13.0/bin/aiperf"));
    assertThat(packaged).isEqualTo(installed);
    assertThat(progress).last().asString().startsWith("Using aiperf ");
  }

  @Test
  void refusesToSelectAnotherProgram() throws Exception {
    // given
    Path other = temp.resolve("other");
    FakePython.script(other, "#!/bin/sh\necho usage: other\n");

    // then
    assertThatThrownBy(() -> setup().use(other, List.of()))
        .message()
        .contains("does not respond to --version");
    assertThat(location.aiperf()).isEmpty();
  }

  @Test
  void toleratesAFailedWarmUpAndRetriesNextTime() throws Exception {
    // given
    python.write("python3.13");
    WarmUp broken =
        (aiperf, tokenizers) -> {
          throw new IOException("no free port");
        };

    // when
    setup(broken).install("0.13.0", List.of());
    setup().install("0.13.0", List.of());

    // then
    assertThat(progress).contains("  warm-up failed (no free port); the first run may be slow");
    assertThat(warmed).hasSize(1);
  }

  private Path installed() {
    try {
      return setup().install("0.13.0", List.of());
    } catch (SetupFailedException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  Setup setup() {
    return setup((aiperf, tokenizers) -> warmed.add(aiperf));
  }

  private Setup setup(WarmUp warmUp) {
    return setup(warmUp, Duration.ofSeconds(20));
  }
}
