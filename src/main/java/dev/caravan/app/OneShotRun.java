package dev.caravan.app;

import dev.caravan.app.camel.CamelApp;
import dev.caravan.cli.Console;
import dev.caravan.cli.Engine.OneShot;
import dev.caravan.cli.Exit;
import dev.caravan.cli.LiveProgress;
import dev.caravan.cli.RunOutputs;
import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.ConfigReader;
import dev.caravan.config.Parameters;
import dev.caravan.config.ReadinessRules;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.config.text.Durations;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Owner;
import dev.caravan.model.plan.Sweep;
import dev.caravan.observe.report.BatchLogLines;
import dev.caravan.observe.report.ResultsTable;
import dev.caravan.pipeline.accept.Acceptance;
import dev.caravan.pipeline.accept.BatchLock;
import dev.caravan.pipeline.accept.SourceRules;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.process.AiperfInstall;
import dev.caravan.pipeline.record.OpenResults;
import dev.caravan.pipeline.target.Readiness;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one batch in the foreground on the daemon's routes: {@code caravan run}. */
final class OneShotRun {

  private static final Logger LOG = LoggerFactory.getLogger(OneShotRun.class);
  private static final List<String> ROUTES =
      List.of("errors", "dead-letters", "results", "runs", "probe", "dispatch", "order-timeouts");

  private final Settings settings;
  private final Home home;
  private final Outcome failOn;
  private final RunOutputs outputs;

  OneShotRun(Settings settings, Outcome failOn, RunOutputs outputs) {
    this.outputs = outputs;
    this.settings = settings;
    this.home = new Home(settings.home());
    this.failOn = failOn;
  }

  /** Runs a config; returns the exit code. */
  int run(OneShot oneShot) throws IOException, InterruptedException {
    try (Components components = Components.of(settings, new DurableFiles(), Owner.ONE_SHOT)) {
      SourceRules rules = components.commandRules(oneShot.config());
      byte[] bytes = Acceptance.read(oneShot.config(), oneShot.config().toString());
      BenchmarkConfig config = new ConfigReader(rules).read(bytes, oneShot.config().toString());
      config.warnings().forEach(LOG::warn);
      if (!prepare(components)) {
        return Exit.REFUSED;
      }
      Signals signals = Signals.handle(() -> components.stop("interrupted (Ctrl-C)"));
      if (!targetReady(components, config, oneShot.patience(), signals)) {
        return signals.received() ? Exit.INTERRUPTED : Exit.FAILED;
      }
      return runBatch(
          components,
          components.acceptance().acceptFile(oneShot.config(), bytes, config, rules),
          signals);
    } catch (ConfigRefusedException e) {
      LOG.error("Refused:\n{}", e.getMessage());
      return Exit.REFUSED;
    }
  }

  /** Resumes an unfinished one-shot batch of this home; returns the exit code. */
  int resume(Path folder) throws IOException, InterruptedException {
    try (Components components = Components.of(settings, new DurableFiles(), Owner.ONE_SHOT)) {
      if (!Files.isRegularFile(folder.resolve(Batch.RECORD))) {
        throw new SettingsRefusedException(
            folder + " is not a batch folder: it contains no " + Batch.RECORD);
      }
      Batch batch = components.batches().load(folder.toAbsolutePath().normalize());
      if (!batch.record().owner().equals(components.owner())) {
        throw new SettingsRefusedException(
            folder + " is not a one-shot batch of the home " + home.root() + "; see batch.json");
      }
      return prepare(components)
          ? runBatch(
              components, batch, Signals.handle(() -> components.stop("interrupted (Ctrl-C)")))
          : Exit.REFUSED;
    }
  }

  private static boolean prepare(Components components) throws IOException {
    components.endOrphans();
    if (components.aiperf().find() instanceof AiperfInstall.Unusable unusable) {
      LOG.error("{}", unusable.message());
      return false;
    }
    return true;
  }

  /**
   * Probes the first run's target until it is ready or the wait of --wait or the config is over.
   */
  private boolean targetReady(
      Components components, BenchmarkConfig config, Optional<Duration> wait, Signals signals)
      throws InterruptedException {
    ReadinessRules rules = config.readiness();
    Duration interval = rules.interval().orElse(settings.duration(Setting.READINESS_INTERVAL));
    Duration patience = wait.or(rules::patience).orElse(Duration.ZERO);
    Parameters first = new Sweep(config).parameters(0);
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      Readiness found = components.probes().readiness(first, rules);
      if (found.ready()) {
        return true;
      }
      LOG.error("{} is not ready: {}", first.url(), found.message());
      if (System.nanoTime() - end >= 0 || signals.received()) {
        return false;
      }
      LOG.info("Retrying in {}", Durations.format(interval));
      if (signals.await(interval)) {
        return false;
      }
    }
  }

  private int runBatch(Components components, Batch batch, Signals signals)
      throws IOException, InterruptedException {
    Path folder = batch.folder();
    BatchLogLines lines = new BatchLogLines(batch, home.display(folder));
    lines.opening().forEach(LOG::info);
    OpenResults results = components.recorder().follow(batch);
    try (BatchLock lock = BatchLock.take(batch);
        CamelApp camel = new CamelApp(settings, components.byName(), ROUTES, false);
        LiveProgress live = LiveProgress.of(batch)) {
      LOG.debug("Showing {}", live);
      LOG.debug("Holding {}", lock);
      components.dispatch().open(batch);
      camel.start().createProducerTemplate().sendBody("direct:dispatch-release", "");
      awaitEnd(results.whenFinished(), signals);
      components.awaitIdle();
    }
    components.recorder().flush(results);
    BatchLogLines.closing(results.summary()).forEach(LOG::info);
    if (outputs.printsTable()) {
      int attempts = batch.config().retry().attempts();
      Console.print(
          new ResultsTable(results.sweepKeys(), Console.width(), false, attempts), results.rows());
    }
    outputs.write(folder, failOn);
    return exit(results, folder);
  }

  private static void awaitEnd(CompletableFuture<BatchSummary> finished, Signals signals)
      throws InterruptedException {
    while (!finished.isDone() && !signals.received()) {
      try {
        finished.get(200, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        continue;
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
  }

  private int exit(OpenResults results, Path folder) {
    BatchSummary summary = results.summary();
    if (!results.whenFinished().isDone()) {
      LOG.error(
          "Interrupted: {} of {} runs ended; to continue: caravan run --resume {}",
          summary.counters().ended(),
          summary.total(),
          home.display(folder));
      return Exit.INTERRUPTED;
    }
    if (BatchLogLines.isFailure(summary, failOn)) {
      LOG.error("{}", BatchLogLines.failure(summary, results.rows(), failOn));
      return Exit.FAILED;
    }
    return Exit.OK;
  }
}
