package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AiperfCommandTest {

  private static final Path AIPERF = Path.of("/venv/bin/aiperf");
  private static final Path PYTHON = Path.of("/venv/bin/python3");
  private static final AiperfInstall.Usable VENV =
      new AiperfInstall.Usable(AIPERF, "0.13.0", Optional.of(PYTHON));
  private static final AiperfInstall.Usable WRAPPER =
      new AiperfInstall.Usable(AIPERF, "0.13.0", Optional.empty());
  private static final List<String> ARGUMENTS = List.of("profile", "--model", "m");
  private static final Optional<Secret> SECRET =
      Optional.of(new Secret("NVIDIA_API_KEY", "nvapi-0123"));

  @Test
  void startsThroughTheLauncherIfThereIsAPython() {
    // when
    AiperfCommand.Ready command = ready(VENV, Optional.empty(), KeyPassing.LAUNCHER);
    // then
    assertThat(command.argv())
        .containsExactly(PYTHON.toString(), "-c", Launcher.SOURCE, "profile", "--model", "m");
    assertThat(command.executed()).isEqualTo(command.argv());
    assertThat(command.environment()).containsOnlyKeys(Launcher.PARENT);
  }

  @ParameterizedTest
  @EnumSource(KeyPassing.class)
  void startsAWrapperDirectlyWithoutAKey(KeyPassing passing) {
    // when
    AiperfCommand.Ready command = ready(WRAPPER, Optional.empty(), passing);
    // then
    assertThat(command.argv()).containsExactly(AIPERF.toString(), "profile", "--model", "m");
    assertThat(command.environment()).isEmpty();
  }

  @Test
  void refusesToExposeTheKeyWithoutAPython() {
    // when
    AiperfCommand refused = AiperfCommand.of(WRAPPER, ARGUMENTS, SECRET, KeyPassing.LAUNCHER);
    // then
    assertThat(refused)
        .isInstanceOfSatisfying(
            AiperfCommand.Refused.class,
            refusal ->
                assertThat(refusal.message())
                    .contains(AIPERF.toString(), "$NVIDIA_API_KEY", "caravan.aiperf.key-passing")
                    .doesNotContain("nvapi"));
  }

  @Test
  void passesTheKeyInItsOwnVariableToWrappers() {
    // when
    AiperfCommand.Ready command = ready(VENV, SECRET, KeyPassing.ENVIRONMENT);
    // then
    assertThat(command.argv()).containsExactly(AIPERF.toString(), "profile", "--model", "m");
    assertThat(command.environment()).isEqualTo(Map.of("NVIDIA_API_KEY", "nvapi-0123"));
  }

  @Test
  void recordsAKeyOnTheCommandLineByNameOnly() {
    // when
    AiperfCommand.Ready command = ready(WRAPPER, SECRET, KeyPassing.ARGUMENT);
    // then
    assertThat(command.argv()).endsWith("--api-key", "nvapi-0123");
    assertThat(command.executed()).endsWith("--api-key", "$NVIDIA_API_KEY");
    assertThat(command.toString()).doesNotContain("nvapi");
  }

  @ParameterizedTest
  @EnumSource(KeyPassing.class)
  void keepsOtherArgumentsUnchangedIfTheKeyIsShort(KeyPassing passing) {
    // given
    Optional<Secret> secret = Optional.of(new Secret("A_API_KEY", "1"));
    List<String> arguments =
        List.of("profile", "--url", "http://127.0.0.1:1", "--concurrency", "1");
    // when
    AiperfCommand.Ready command =
        (AiperfCommand.Ready) AiperfCommand.of(VENV, arguments, secret, passing);
    // then
    assertThat(command.executed())
        .containsSubsequence(arguments)
        .endsWith(passing == KeyPassing.ARGUMENT ? "$A_API_KEY" : "1");
  }

  @ParameterizedTest
  @EnumSource(KeyPassing.class)
  void parsesItsPropertyValue(KeyPassing passing) {
    assertThat(KeyPassing.of(passing.value())).isEqualTo(passing);
  }

  @Test
  void refusesAnUnknownPropertyValue() {
    assertThatThrownBy(() -> KeyPassing.of("argv"))
        .hasMessageContaining("'argv'; it must be launcher, environment or argument");
  }

  private static AiperfCommand.Ready ready(
      AiperfInstall.Usable install, Optional<Secret> secret, KeyPassing passing) {
    return (AiperfCommand.Ready) AiperfCommand.of(install, ARGUMENTS, secret, passing);
  }
}
