package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code caravan setup --with}. */
class SetupExtrasTest extends SetupTestBase {

  @BeforeEach
  void setUp() throws IOException {
    python.write("python3.13");
  }

  @Test
  void installsExtrasWhateverTheirSpelling() throws Exception {
    // when
    Path aiperf = setup().install("0.13.0", List.of("WandB", " mlflow"));

    // then
    assertThat(Files.readString(python.calls())).contains(" aiperf[mlflow,wandb]==0.13.0 ");
    assertThat(location.aiperf()).contains(aiperf);
    assertThat(progress)
        .last()
        .isEqualTo("aiperf 0.13.0 (extras: mlflow, wandb) is ready: " + aiperf);
  }

  @Test
  void leavesTheEnvironmentInUseAsItIs() throws Exception {
    // given
    Path before = setup().install("0.13.0", List.of());
    Path file = Files.writeString(before.resolveSibling("in-use"), "");

    // when
    Path after = setup().install("0.13.0", List.of("mlflow"));

    // then
    assertThat(file).exists();
    assertThat(before).isExecutable();
    assertThat(after).isNotEqualTo(before);
    assertThat(location.aiperf()).contains(after);
    assertThat(progress).last().asString().contains("rm -r " + location.venv("0.13.0"));
  }

  @Test
  void keepsTheEnvironmentInUseWhenPipFails() throws Exception {
    // given
    Path before = setup().install("0.13.0", List.of());
    python.beforePipInstall("echo no space left; exit 1").write("python3.13");

    // then
    assertThatThrownBy(() -> setup().install("0.13.0", List.of("mlflow")))
        .isInstanceOf(SetupFailedException.class)
        .hasMessageContaining("no space left");
    assertThat(location.aiperf()).contains(before);

    // when
    Path again = setup().install("0.13.0", List.of());

    // then
    assertThat(again).isEqualTo(before);
    assertThat(location.venv("0.13.0_mlflow")).doesNotExist();
  }

  @Test
  void removesWhatAKillLeftAndNothingElse() throws Exception {
    // given
    Files.createDirectories(location.venv("0.13.0_mlflow").resolve("bin"));
    Path backup = Files.createDirectories(location.venv("0.13.0_backup"));
    Path other = Files.createDirectories(location.venv("0.12.0_mlflow"));

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(location.venv("0.13.0_mlflow")).doesNotExist();
    assertThat(backup).exists();
    assertThat(other).exists();
  }

  @Test
  void endsAPipThatOutlivedItsSetup() throws Exception {
    // given
    Path killed = location.venv("0.13.0_mlflow").resolve("bin/python");
    Files.createDirectories(killed.getParent());
    FakePython.script(killed, "#!/bin/sh\nsleep 60\n");
    Process pip = new ProcessBuilder(killed.toString(), "-m", "pip", "install", "x").start();
    Process other = new ProcessBuilder(killed.toString(), "aiperf", "profile", "-m", "pip").start();

    // when
    setup().install("0.13.0", List.of("mlflow"));

    // then
    assertThat(pip.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(other.isAlive()).isTrue();
    other.destroy();
  }

  @Test
  void laterSetupsKeepTheExtras() throws Exception {
    // given
    setup().install("0.13.0", List.of("mlflow"));

    // when
    Path plain = setup().provide(List.of());
    Path added = setup().install("0.13.0", List.of("otel"));
    Path known = setup().install("0.13.0", List.of("mlflow"));

    // then
    assertThat(plain).isEqualTo(location.aiperf("0.13.0_mlflow"));
    assertThat(added).isEqualTo(location.aiperf("0.13.0_mlflow_otel"));
    assertThat(known).isEqualTo(added);
    assertThat(progress)
        .contains("aiperf 0.13.0 (extras: mlflow) is already installed: " + plain)
        .contains("aiperf 0.13.0 (extras: mlflow, otel) is already installed: " + added);
  }

  @Test
  void refusesExtrasThatTheTestedAiperfHasNotBeforeItInstallsAnything() {
    assertThatThrownBy(() -> setup().install("0.13.0", List.of("mlfow")))
        .hasMessage(
            "aiperf 0.13.0 has no extra \"mlfow\"; did you mean \"mlflow\"?\n"
                + "  Its extras: accuracy, botorch, dev, mlflow, optuna, otel, test, wandb");
    assertThatThrownBy(() -> setup().install("0.12.0", List.of("mlflow]==0 --index-url=x")))
        .hasMessageEndingWith("is not the name of an extra, such as mlflow");
    assertThatThrownBy(() -> setup().install("0.12.0", List.of("")))
        .isInstanceOf(SetupFailedException.class);
    assertThat(location.root()).doesNotExist();
  }

  @Test
  void refusesExtrasThatAnotherAiperfHasNotByItsMetadata() throws Exception {
    // given pip, which only warns of them
    python.extras("Ml_Flow").write("python3.13");

    // then
    assertThatThrownBy(() -> setup().install("0.12.0", List.of("ml-flo")))
        .hasMessage(
            "aiperf 0.12.0 has no extra \"ml-flo\"; did you mean \"ml-flow\"?\n"
                + "  Its extras: ml-flow");
    assertThat(location.aiperf()).isEmpty();
    assertThat(setup().install("0.12.0", List.of("ML.flow"))).exists();
  }

  @Test
  void changesNoEnvironmentThatItHasNotMade() throws Exception {
    // given
    Path mine = Files.createDirectories(temp.resolve("mine/bin")).resolve("aiperf");
    FakePython.script(mine, "#!/bin/sh\necho 0.13.0\n");
    environment.put("CARAVAN_PACKAGE_AIPERF", mine.toString());

    // then
    assertThatThrownBy(() -> setup().use(mine, List.of("mlflow")))
        .message()
        .contains(
            mine.resolveSibling("python") + " -m pip install 'aiperf[mlflow]==0.13.0'",
            "caravan setup --version 0.13.0 --with mlflow");
    assertThatThrownBy(() -> setup().provide(List.of("wandb")))
        .hasMessageContaining("-m pip install 'aiperf[wandb]==0.13.0'");
    assertThatThrownBy(() -> setup().provide(List.of("wnadb")))
        .hasMessageContaining("did you mean \"wandb\"?");
    assertThat(location.aiperf()).isEmpty();
  }
}
