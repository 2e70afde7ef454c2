package dev.caravan.cli;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.Overrides;
import dev.caravan.config.Parameters;
import dev.caravan.config.ReadinessRules;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.plan.Sweep;
import dev.caravan.observe.report.BatchLogLines;
import dev.caravan.pipeline.run.TargetProbes;
import dev.caravan.pipeline.target.Readiness;
import dev.caravan.pipeline.target.TargetClient;
import dev.caravan.storage.Home;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code run --dry-run}: prints the plan and probes the service, with the lines of {@code
 * run_aiperf.py}; writes and runs nothing.
 */
final class DryRun {

  private static final Logger LOG = LoggerFactory.getLogger(DryRun.class);

  private final Settings settings;

  DryRun(Settings settings) {
    this.settings = settings;
  }

  /** Prints the plan of a config; returns the exit code, as a run would end without a service. */
  int show(Path file, Overrides overrides) {
    ConfigFiles configs = new ConfigFiles(settings);
    try {
      BenchmarkConfig config = configs.read(file, overrides, LOG::warn);
      Sweep sweep = new Sweep(config);
      Parameters first = sweep.first();
      Readiness service = readiness(first, config.readiness());
      String folder = configs.shown(configs.parent(config).resolve(PlanPrinter.TIMESTAMP));
      BatchLogLines.opening(config, file.toString(), folder).forEach(LOG::info);
      if (sweep.runs() == 1) {
        LOG.info("Single Run");
      }
      new PlanPrinter(configs, new PrintWriter(System.out)).print(config);
      LOG.info("Dry-run mode. Commands will not be executed");
      BatchLogLines.closing(0, 0, 0).forEach(LOG::info);
      return exit(first, service, config.mayStartTarget());
    } catch (ConfigRefusedException e) {
      LOG.error("Refused:\n{}", e.getMessage());
      return Exit.REFUSED;
    }
  }

  private static int exit(Parameters first, Readiness service, boolean mayBeStarted) {
    if (service.ready()) {
      LOG.info("{} is {}", first.url(), service.message());
      return Exit.OK;
    }
    if (mayBeStarted) {
      LOG.info("{} is not ready; a hook may start it", first.url());
      return Exit.OK;
    }
    LOG.error("{} is not ready: {}", first.url(), service.message());
    return Exit.FAILED;
  }

  private Readiness readiness(Parameters run, ReadinessRules rules) {
    SecretStore keys = new SecretStore(new Home(settings.home()), settings.environment());
    try (TargetClient client = new TargetClient(settings.environment())) {
      client.warnings().forEach(LOG::warn);
      return new TargetProbes(keys, client).readiness(run, rules);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
