package dev.caravan.app.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.settings.Settings;
import dev.caravan.observe.http.HealthChecks;
import dev.caravan.pipeline.accept.SettledFiles;
import dev.caravan.pipeline.dispatch.ReleaseGate;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.storage.Home;
import dev.caravan.testing.FakeAiperf;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadRuntimeException;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CamelAdaptersTest {

  @TempDir private Path folder;

  @Test
  void executesOnlyAttempts() {
    // given
    Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    exchange.getMessage().setBody("rm -rf /");
    exchange.getMessage().setHeader("CamelExecCommandExecutable", "/bin/rm");
    // then
    assertThatThrownBy(() -> new AiperfBinding().readInput(exchange, null))
        .isInstanceOf(InvalidPayloadRuntimeException.class);
  }

  @Test
  void acceptsSettledFilesButNoFolders() throws IOException {
    // given
    SettledFilesFilter filter =
        new SettledFilesFilter(new SettledFiles(Duration.ZERO, System::nanoTime), path -> true);
    Path file = Files.writeString(folder.resolve("a.yaml"), "text");
    // then
    assertThat(filter.accept(camelFile(file, false))).isTrue();
    assertThat(filter.accept(camelFile(folder, true))).isFalse();
    assertThat(filter.accept(camelFile(folder.resolve("gone.yaml"), false))).isFalse();
  }

  private static GenericFile<File> camelFile(Path path, boolean directory) {
    GenericFile<File> file = new GenericFile<>();
    file.setFile(path.toFile());
    file.setAbsoluteFilePath(path.toString());
    file.setDirectory(directory);
    return file;
  }

  @Test
  void isReadyWithAUsableAiperfAndElseReportsWhyNot() throws IOException {
    // given
    Path aiperf = FakeAiperf.in(folder);
    // then
    HealthCheck.Result with = health(aiperf).call();
    assertThat(with.getState()).isEqualTo(HealthCheck.State.UP);
    assertThat(with.getDetails()).containsEntry("message", "aiperf 0.13.0");
    HealthCheck.Result without = health(folder.resolve("none")).call();
    assertThat(without.getState()).isEqualTo(HealthCheck.State.DOWN);
    assertThat(without.getMessage().orElseThrow()).contains(folder.resolve("none").toString());
    assertThat(health(aiperf).isLiveness()).isFalse();
  }

  @Test
  void isDownWhileADiskThatMayHoldResultsIsFull() {
    // given: the gate that also keeps dispatch from releasing runs
    Settings settings = Settings.of(folder, Map.of(), new Properties());
    ReleaseGate full = () -> Optional.of("less than 1 MB are free");
    // when
    HealthCheck.Result result =
        new DaemonHealthCheck(
                new HealthChecks(
                        settings,
                        new Home(folder),
                        Optional::empty,
                        Optional::empty,
                        Optional::empty,
                        full,
                        () -> null,
                        () -> null,
                        List::of)
                    .all().stream().filter(c -> c.name().equals("disk")).findFirst().orElseThrow())
            .call();
    // then
    assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
    assertThat(result.getMessage()).hasValue("less than 1 MB are free");
  }

  private DaemonHealthCheck health(Path aiperf) {
    AiperfFinder finder = finder(aiperf);
    Settings settings = Settings.of(folder, Map.of(), new Properties());
    return new HealthChecks(
            settings,
            new Home(folder),
            Optional::empty,
            Optional::empty,
            Optional::empty,
            Optional::empty,
            finder::find,
            () -> null,
            List::of)
        .all().stream()
            .filter(check -> check.name().equals("aiperf"))
            .map(DaemonHealthCheck::new)
            .findFirst()
            .orElseThrow();
  }

  private AiperfFinder finder(Path aiperf) {
    return new AiperfFinder(
        () -> Optional.of(aiperf.toString()), folder, System.getenv(), Duration.ofSeconds(30));
  }

  @Test
  void loadsShippedRoutesReplacedAndExtendedByTheHome() throws IOException {
    // given
    Home home = new Home(folder);
    Files.createDirectories(home.routes());
    for (String name : List.of("runs.camel.yaml", "mine.camel.yaml", "inbox.camel.yaml", "x.txt")) {
      Files.writeString(home.routes().resolve(name), "");
    }
    // then: inbox is shipped but not requested here
    assertThat(locations(home, true))
        .containsExactly(
            "classpath:routes/pipeline/errors.camel.yaml",
            "file:" + home.routes().resolve("runs.camel.yaml"),
            "file:" + home.routes().resolve("mine.camel.yaml"));
    // and: a one-shot command leaves the messages of other sources to the daemon
    assertThat(locations(home, false))
        .containsExactly(
            "classpath:routes/pipeline/errors.camel.yaml",
            "file:" + home.routes().resolve("runs.camel.yaml"));
  }

  @Test
  void loadsOnlyShippedRoutesWithoutAnyInTheHome() throws IOException {
    assertThat(locations(new Home(folder), true))
        .containsExactly(
            "classpath:routes/pipeline/errors.camel.yaml",
            "classpath:routes/pipeline/runs.camel.yaml");
  }

  private static List<String> locations(Home home, boolean added) throws IOException {
    return RouteFiles.of(home, List.of("errors", "runs"), added).stream()
        .map(RouteFile::location)
        .toList();
  }
}
