package dev.caravan.app;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.Parameters;
import dev.caravan.config.ReadinessRules;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.plan.Sweep;
import dev.caravan.pipeline.process.AiperfEnvironment;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.run.TargetProbes;
import dev.caravan.pipeline.target.Readiness;
import dev.caravan.pipeline.target.TargetClient;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is checked before a one-shot command writes anything: its config, aiperf and the target. */
final class StartChecks implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StartChecks.class);

  /** Whether a target is ready. */
  @FunctionalInterface
  interface TargetCheck {
    /** Probes until it is, or the wait given or configured is over, or there is a signal. */
    boolean ready(Optional<Duration> wait, Signals signals) throws InterruptedException;
  }

  private final Settings settings;
  private final TargetClient client;
  private final TargetProbes probes;
  private final CompletableFuture<Optional<String>> aiperfFault;

  /** Begins to ask aiperf for its version, which takes as long as reading a config. */
  StartChecks(Settings settings, AiperfFinder aiperf) {
    this.settings = settings;
    this.client = new TargetClient(AiperfEnvironment.of(settings));
    this.probes = new TargetProbes(SecretStore.of(settings), client);
    this.aiperfFault = CompletableFuture.supplyAsync(aiperf::fault);
  }

  /** Whether there is an aiperf to run; logs why not. */
  boolean hasAiperf() {
    Optional<String> fault = aiperfFault.join();
    fault.ifPresent(LOG::error);
    return fault.isEmpty();
  }

  /**
   * Begins to probe the first run's target. A target that a hook may start counts as ready: it is
   * probed when the hook has run.
   */
  TargetCheck beginTarget(BenchmarkConfig config) {
    Parameters first = new Sweep(config).first();
    ReadinessRules rules = config.readiness();
    if (config.mayStartTarget()) {
      return (wait, signals) -> true;
    }
    RunsFirstNow<Readiness> probe = new RunsFirstNow<>(() -> probes.readinessToStart(first, rules));
    return (wait, signals) ->
        new TargetWait(
                first.url(),
                rules.interval().orElse(settings.duration(Setting.READINESS_INTERVAL)),
                wait.or(rules::patience).orElse(Duration.ZERO),
                System::nanoTime,
                LOG::error)
            .untilReady(probe, signals::await);
  }

  /** Leaves no process behind. */
  @Override
  public void close() throws IOException {
    try (client) {
      aiperfFault.join();
    }
  }
}
