package dev.caravan.cli;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.Parameters;
import dev.caravan.config.ReadinessRules;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.plan.Sweep;
import dev.caravan.pipeline.target.Readiness;
import dev.caravan.pipeline.target.TargetClient;
import dev.caravan.pipeline.target.TargetUrls;
import dev.caravan.storage.Home;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code run --dry-run}: prints the plan and probes the service; writes and runs nothing. */
final class DryRun {

  private static final Logger LOG = LoggerFactory.getLogger(DryRun.class);

  private final Settings settings;

  DryRun(Settings settings) {
    this.settings = settings;
  }

  /** Prints the plan of a config; returns the exit code. */
  int show(Path file) {
    ConfigFiles configs = new ConfigFiles(settings);
    try {
      BenchmarkConfig config = configs.read(file, LOG::warn);
      LOG.info("Running AIPerf with configuration: {}", file);
      logReadiness(new Sweep(config).parameters(0), config.readiness());
      new PlanPrinter(configs, new PrintWriter(System.out)).print(config);
      LOG.info("Dry-run mode. Commands will not be executed");
      return Exit.OK;
    } catch (ConfigRefusedException e) {
      LOG.error("Refused:\n{}", e.getMessage());
      return Exit.REFUSED;
    }
  }

  private void logReadiness(Parameters run, ReadinessRules rules) {
    Optional<URI> uri = TargetUrls.probe(run, rules);
    if (uri.isEmpty()) {
      LOG.info("Service not probed: health_check_endpoint is none");
      return;
    }
    Readiness readiness = probe(run, uri.get(), rules.status());
    if (readiness.ready()) {
      LOG.info("Service {}", readiness.message());
    } else {
      LOG.warn("Service not ready: {}", readiness.message());
    }
  }

  private Readiness probe(Parameters run, URI uri, int expectedStatus) {
    SecretStore keys = new SecretStore(new Home(settings.home()), settings.environment());
    Readiness.Probe probe = new Readiness.Probe(uri, run.apiKeyEnvVar());
    try (TargetClient client = new TargetClient(settings.environment())) {
      client.warnings().forEach(LOG::warn);
      return Readiness.of(
          probe, client.get(uri, run.apiKeyEnvVar().flatMap(keys::apiKey)), expectedStatus);
    } catch (IOException e) {
      return Readiness.of(probe, e);
    }
  }
}
