package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code caravan setup} where pip can fetch uv. */
class SetupUvTest extends SetupTestBase {

  private static final String BY_PIP = "-m pip install --no-input .* aiperf==0.13.0 .*";

  @BeforeEach
  void setUp() throws IOException {
    python.withUv().write("python3.13");
  }

  @Test
  void installsByUvAndKeepsNothingOfIt() throws Exception {
    // when
    Path aiperf = setup().install("0.13.0", List.of());

    // then
    Path venv = location.venv("0.13.0");
    assertThat(calls())
        .contains(
            "uv pip install --python %s/bin/python --color=never --compile-bytecode aiperf==0.13.0"
                .formatted(venv))
        .noneMatch(line -> line.matches(BY_PIP));
    assertThat(venv).isDirectoryNotContaining(path -> path.endsWith(".caravan-uv"));
    assertThat(location.aiperf()).contains(aiperf);
    assertThat(progress).noneMatch(line -> line.contains("pip installs"));
  }

  @Test
  void fetchesThePinnedUvButNeverBuildsIt() throws Exception {
    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(calls())
        .anyMatch(
            line ->
                line.contains(" --no-deps --only-binary=:all: ")
                    && line.contains(" uv==" + Uv.VERSION + " "));
  }

  @Test
  void installsExtrasByUv() throws Exception {
    // when
    setup().install("0.13.0", List.of("wandb", "mlflow"));

    // then
    assertThat(calls()).anyMatch(line -> line.matches("uv pip .* aiperf\\[mlflow,wandb]==0.13.0"));
  }

  @Test
  void tellsUvHowPipIsConfiguredButNotOnItsCommandLine() throws Exception {
    // given
    environment.put("UV_RESOLUTION", "lowest");
    python
        .settings("{\"global.index-url\": \"https://me:secret@mirror/simple\"}")
        .write("python3.13");

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(calls())
        .contains("UV_DEFAULT_INDEX=https://me:secret@mirror/simple", "UV_NO_CONFIG=1")
        .noneMatch(line -> line.startsWith("UV_RESOLUTION"))
        .noneMatch(line -> line.startsWith("uv ") && line.contains("secret"));
    assertThat(location.log()).content().doesNotContain("secret");
  }

  @Test
  void installsByPipWhatUvCannotBeConfiguredFor() throws Exception {
    // given
    python.settings("{\":env:.prefer-binary\": \"1\"}").write("python3.13");

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(progress)
        .contains("  pip installs, not uv: pip is configured with prefer-binary")
        .last()
        .asString()
        .contains("is ready");
    assertThat(calls())
        .anyMatch(line -> line.matches(BY_PIP))
        .noneMatch(line -> line.contains("uv=="));
  }

  /** pip refuses to install for the user in a virtual environment. */
  @Test
  void installsWhereUsersConfigurePipToInstallForThem() throws Exception {
    // given
    new FakePython(temp.resolve("bin"))
        .settings("{\"global.user\": \"true\"}")
        .beforePipInstall("case \"$*\" in *' --no-user '*) ;; *) echo user; exit 1 ;; esac")
        .write("python3.13");

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(progress)
        .contains("  pip installs, not uv: uv %s is not available".formatted(Uv.VERSION))
        .last()
        .asString()
        .contains("is ready");
  }

  @Test
  void installsByPipWhenPipDoesNotTellHowItIsConfigured() throws Exception {
    // given
    python.withoutSettings().write("python3.13");

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(progress).contains("  pip installs, not uv: pip does not report its configuration");
    assertThat(calls()).anyMatch(line -> line.matches(BY_PIP));
  }

  @Test
  void installsByPipWhenUvCannotBeFetched() throws Exception {
    // given
    new FakePython(temp.resolve("bin")).write("python3.13");

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(progress)
        .containsOnlyOnce("  pip installs, not uv: uv %s is not available".formatted(Uv.VERSION));
    assertThat(calls()).anyMatch(line -> line.matches(BY_PIP));
  }

  @Test
  void installsByPipIntoANewEnvironmentWhenUvFails() throws Exception {
    // given
    Path half = location.venv("0.13.0").resolve("half");
    python.withUv("echo half > '" + half + "'; exit 2").write("python3.13");

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(progress).contains("  pip installs, not uv: uv failed, see the log");
    assertThat(calls()).anyMatch(line -> line.matches(BY_PIP));
    assertThat(half).doesNotExist();
  }

  @Test
  void installsByPipWhenTheAiperfOfUvDoesNotRun() throws Exception {
    // given
    python.withUv("exit 0").write("python3.13");

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(calls()).anyMatch(line -> line.matches(BY_PIP));
    assertThat(progress).last().asString().contains("is ready");
  }

  @Test
  void installsByPipWhenUvDoesNotStart() throws Exception {
    // given
    python.withUv().write("python3.13");
    String script = Files.readString(temp.resolve("bin/python3.13"));
    FakePython.script(
        temp.resolve("bin/python3.13"), script.replace("chmod +x \"$folder/uv\"", ":"));

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(progress).anyMatch(line -> line.startsWith("  uv does not start: "));
    assertThat(calls()).anyMatch(line -> line.matches(BY_PIP));
  }

  @Test
  void endsWithTheMessageOfPipWhenBothFail() throws Exception {
    // given
    python
        .withUv("echo no solution; exit 1")
        .beforePipInstall("echo No matching distribution; exit 1")
        .write("python3.13");

    // then
    assertThatThrownBy(() -> setup().install("0.13.0", List.of()))
        .isInstanceOf(SetupFailedException.class)
        .hasMessageContaining(" -m pip install ")
        .hasMessageContaining("No matching distribution\nThe full output is in")
        .hasMessageNotContaining("no solution");
    assertThat(location.log()).content().contains("no solution", "No matching distribution");
  }

  @Test
  void stopsWhenUvIsInterrupted() throws Exception {
    // given
    python.withUv("kill -INT $$").write("python3.13");

    // then
    assertThatThrownBy(() -> setup().install("0.13.0", List.of()))
        .isInstanceOf(SetupFailedException.class)
        .hasMessageContaining("failed (exit 130)");
    assertThat(calls()).noneMatch(line -> line.matches(BY_PIP));
  }

  @Test
  void reportsProgressWhileUvRuns() throws Exception {
    // given
    Path go = temp.resolve("go");
    python
        .withUv("echo ' Downloaded scipy'; until [ -e '" + go + "' ]; do sleep 0.05; done")
        .write("python3.13");

    // when
    CompletableFuture<Path> setup = CompletableFuture.supplyAsync(this::installed);
    await()
        .until(
            () ->
                progress.stream()
                    .anyMatch(
                        line -> line.endsWith(": installing and compiling: Downloaded scipy")));
    Files.createFile(go);

    // then
    assertThat(setup.get()).exists();
  }

  @Test
  void endsAUvThatOutlivedItsSetup() throws Exception {
    // given
    Path killed = Uv.program(location.venv("0.13.0"));
    Files.createDirectories(killed.getParent());
    FakePython.script(killed, "#!/bin/sh\nsleep 60\n");
    String target = location.venv("0.13.0") + "/bin/python";
    Process uv =
        new ProcessBuilder(killed.toString(), "pip", "install", "--python", target, "x").start();
    Process other = new ProcessBuilder("/bin/sh", "-c", "sleep 60", "uv", "pip", target).start();

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(uv.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(other.isAlive()).isTrue();
    other.destroy();
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(python.calls());
  }
}
