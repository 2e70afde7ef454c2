package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AiperfExtrasTest {

  @TempDir private Path folder;
  private Path packages;

  /** A virtual environment with an aiperf that must not be started. */
  @BeforeEach
  void install() throws IOException {
    packages = Files.createDirectories(folder.resolve("lib/python3.11/site-packages"));
    Files.createDirectory(packages.resolve("aiperf"));
    Files.writeString(folder.resolve("pyvenv.cfg"), "include-system-site-packages = false\n");
    Path python = script("python", "#!/bin/sh\nexit 1\n");
    script("aiperf", "#!" + python + "\nfrom aiperf.cli import app\n");
  }

  private Path script(String name, String text) throws IOException {
    Path file = Files.createDirectories(folder.resolve("bin")).resolve(name);
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private AiperfExtras extras(String... property) {
    Properties properties = new Properties();
    properties.setProperty("caravan.aiperf.command", folder.resolve("bin/aiperf").toString());
    for (int i = 0; i < property.length; i += 2) {
      properties.setProperty(property[i], property[i + 1]);
    }
    return AiperfExtras.of(Settings.of(folder, Map.of("PATH", "/bin"), properties));
  }

  @ParameterizedTest
  @CsvSource({
    "mlflow_tracking_uri, mlflow, mlflow",
    "mlflow_tag, mlflow, mlflow",
    "wandb_project, wandb, wandb",
    "otel_url, otel, opentelemetry/sdk"
  })
  void saysWhichExtraIsMissing(String option, String extra, String module) throws IOException {
    // then
    assertThat(extras().missing(option))
        .contains(
            "aiperf was installed without %s, which this config needs: run 'caravan setup --with %s'"
                .formatted(extra, extra));

    // when
    Files.createDirectories(packages.resolve(module));

    // then
    assertThat(extras().missing(option)).isEmpty();
  }

  @Test
  void knowsNothingAgainstOptionsOfAiperfItself() {
    assertThat(extras().missing("request_count")).isEmpty();
    assertThat(extras().missing("mlflow")).isEmpty();
  }

  @Test
  void saysNothingOfAnEnvironmentThatUsesPackagesOfTheSystem() throws IOException {
    // when
    Files.writeString(folder.resolve("pyvenv.cfg"), "include-system-site-packages = true\n");

    // then
    assertThat(extras().missing("mlflow_tracking_uri")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"#!/bin/sh, exec docker run aiperf", "#!/usr/bin/python3, import wrapper"})
  void saysNothingOfAWrapper(String first, String second) throws IOException {
    // when
    script("aiperf", first + "\n" + second + "\n");

    // then
    assertThat(extras().missing("mlflow_tracking_uri")).isEmpty();
  }

  @Test
  void saysNothingWhereOtherHostsExecuteTheRuns() {
    assertThat(
            extras("caravan.role", "hub", "caravan.broker", "embedded")
                .missing("mlflow_tracking_uri"))
        .isEmpty();
  }

  @Test
  void saysNothingWithoutAiperf() throws IOException {
    // when
    Files.delete(folder.resolve("bin/aiperf"));

    // then
    assertThat(extras().missing("mlflow_tracking_uri")).isEmpty();
  }
}
