package dev.caravan.app;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.Parameters;
import dev.caravan.config.ReadinessRules;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.plan.Sweep;
import dev.caravan.pipeline.accept.SourceRules;
import dev.caravan.pipeline.process.AiperfInstall;
import dev.caravan.pipeline.run.TargetProbes;
import dev.caravan.pipeline.target.TargetClient;
import dev.caravan.storage.Home;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is checked before a one-shot command writes anything: its config, aiperf and the target. */
final class StartChecks implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StartChecks.class);

  private final Settings settings;
  private final ComponentFactory factory;
  private final TargetClient client;
  private final TargetProbes probes;

  StartChecks(Settings settings) {
    Home home = new Home(settings.home());
    SecretStore keys = new SecretStore(home, settings.environment());
    this.settings = settings;
    this.factory = new ComponentFactory(settings, home, keys, false);
    this.client = new TargetClient(factory.aiperfEnvironment());
    this.probes = new TargetProbes(keys, client);
  }

  /** The rules for a config named on the command line. */
  SourceRules rules(Path config) {
    return factory.commandRules(config);
  }

  /** Whether there is an aiperf to run; logs why not. */
  boolean hasAiperf() {
    if (factory.aiperfFinder().find() instanceof AiperfInstall.Unusable unusable) {
      LOG.error("{}", unusable.message());
      return false;
    }
    return true;
  }

  /** Probes the first run's target until it is ready, or the wait given or configured is over. */
  boolean targetReady(BenchmarkConfig config, Optional<Duration> wait, Signals signals)
      throws InterruptedException {
    ReadinessRules rules = config.readiness();
    Parameters first = new Sweep(config).parameters(0);
    return new TargetWait(
            first.url(),
            rules.interval().orElse(settings.duration(Setting.READINESS_INTERVAL)),
            wait.or(rules::patience).orElse(Duration.ZERO),
            System::nanoTime,
            LOG::error)
        .untilReady(() -> probes.readinessToStart(first, rules), signals::await);
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
