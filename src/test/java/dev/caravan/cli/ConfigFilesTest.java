package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.Overrides;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.yaml.ConfigRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFilesTest {

  private static final String CONFIG =
      """
      base_config:
        model: m
        url: http://localhost:8000
        warmup_request_count: 1
        benchmark_duration: 10
        concurrency: 1
        api_key_env_var: %s
      """;

  @TempDir private Path folder;
  private final List<String> warnings = new ArrayList<>();

  @Test
  void warnsWhenTheApiKeyIsNotSetHere() throws Exception {
    // when
    read("LAB_API_KEY");
    // then
    assertThat(warnings)
        .containsExactly("$LAB_API_KEY is not set here; it must be set where the config runs");
  }

  @Test
  void refusesAPastedKeyWithoutQuotingIt() {
    // when, then
    assertThatThrownBy(() -> read("sk_pasted_by_mistake"))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("the variable named here is set neither")
        .hasMessageNotContaining("pasted");
    assertThat(warnings).isEmpty();
  }

  @Test
  void warnsOfUnknownHooksInTheOrderInWhichTheyRun() throws Exception {
    // given
    String hooks =
        """
        hooks: {before_batch: up, before_variant: new, before_point: reset, after_batch: halt}
        """;
    String base = CONFIG.replaceAll(".*api_key_env_var.*\n", "");
    Path file = Files.writeString(folder.resolve("x.yaml"), base + hooks);
    // when
    configs().read(file, Overrides.NONE, warnings::add);
    // then
    assertThat(warnings)
        .extracting(warning -> warning.replaceAll(":.*", ""))
        .containsExactly("hook \"up\"", "hook \"new\"", "hook \"reset\"", "hook \"halt\"");
  }

  @Test
  void warnsOnceOfAClientThatAiperfLacks() throws Exception {
    // given
    Path python = executable("bin/python", "#!/bin/sh\nexit 1\n");
    Path aiperf = executable("bin/aiperf", "#!" + python + "\nfrom aiperf.cli import app\n");
    Files.createDirectories(folder.resolve("lib/python3.11/site-packages/aiperf"));
    Files.writeString(folder.resolve("pyvenv.cfg"), "home = /usr/bin\n");
    Properties properties = new Properties();
    properties.setProperty("caravan.aiperf.command", aiperf.toString());
    properties.setProperty(
        "caravan.aiperf.options-allowed", "mlflow_tracking_uri,mlflow_experiment,wandb_project");
    String options =
        """
          aiperf_options: {mlflow_tracking_uri: "http://m:5000", mlflow_experiment: nightly}
        sweeps: {wandb_project: [a, b]}
        """;
    String base = CONFIG.replaceAll(".*api_key_env_var.*\n", "");
    Path file = Files.writeString(folder.resolve("x.yaml"), base + options);

    // when
    new ConfigFiles(Settings.of(folder, Map.of("PATH", "/bin"), properties))
        .read(file, Overrides.NONE, warnings::add);

    // then
    assertThat(warnings)
        .satisfiesExactly(
            warning ->
                assertThat(warning)
                    .contains("base_config.aiperf_options.mlflow_tracking_uri: ")
                    .endsWith("run 'caravan setup --with mlflow'"),
            warning ->
                assertThat(warning)
                    .contains("sweeps.wandb_project: ")
                    .endsWith("run 'caravan setup --with wandb'"));
  }

  private Path executable(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void refusesAMissingFile() {
    // when, then
    assertThatThrownBy(
            () -> configs().read(folder.resolve("none.yaml"), Overrides.NONE, warnings::add))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("there is no such file");
  }

  private void read(String variable) throws Exception {
    Path file = Files.writeString(folder.resolve("x.yaml"), CONFIG.formatted(variable));
    configs().read(file, Overrides.NONE, warnings::add);
  }

  private ConfigFiles configs() {
    return new ConfigFiles(Settings.of(folder, Map.of(), new Properties()));
  }
}
