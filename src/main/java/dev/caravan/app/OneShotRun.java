package dev.caravan.app;

import dev.caravan.analysis.Verdict;
import dev.caravan.app.camel.CamelApp;
import dev.caravan.app.camel.RouteSet;
import dev.caravan.cli.Console;
import dev.caravan.cli.Engine.OneShot;
import dev.caravan.cli.Exit;
import dev.caravan.cli.LiveProgress;
import dev.caravan.cli.RunOutputs;
import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.CompareRule;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.config.text.Plural;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.model.Owner;
import dev.caravan.observe.report.BatchLogLines;
import dev.caravan.observe.report.BatchVerdict;
import dev.caravan.pipeline.accept.BatchLock;
import dev.caravan.pipeline.accept.GivenConfig;
import dev.caravan.pipeline.accept.SourceRules;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.record.OpenResults;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.FileFailures;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private final RunOutputs outputs;
  private final AiperfFinder aiperf;

  OneShotRun(Settings settings, RunOutputs outputs) {
    this.outputs = outputs;
    this.settings = settings;
    this.aiperf = AiperfFinder.of(settings);
    this.home = new Home(settings.home());
  }

  /** Runs a config; returns the exit code. Writes nothing before the batch can start. */
  int run(OneShot oneShot) throws IOException, InterruptedException {
    try (StartChecks checks = new StartChecks(settings, aiperf)) {
      return run(oneShot, checks);
    }
  }

  private int run(OneShot oneShot, StartChecks checks) throws IOException, InterruptedException {
    try {
      SourceRules rules = SourceRules.ofCommand(settings, oneShot.config());
      String name = oneShot.config().toString();
      GivenConfig given = GivenConfig.read(oneShot.config(), name).with(oneShot.overrides());
      BenchmarkConfig config = given.check(rules, name);
      config.warnings().forEach(LOG::warn);
      StartChecks.TargetCheck target = checks.beginTarget(config);
      if (!checks.hasAiperf()) {
        return Exit.REFUSED;
      }
      Signals signals = Signals.handle();
      if (!target.ready(oneShot.patience(), signals)) {
        return signals.received() ? Exit.INTERRUPTED : Exit.FAILED;
      }
      return runNew(oneShot, given, config, signals);
    } catch (ConfigRefusedException e) {
      LOG.error("Refused:\n{}", e.getMessage());
      return Exit.REFUSED;
    }
  }

  private int runNew(OneShot oneShot, GivenConfig given, BenchmarkConfig config, Signals signals)
      throws IOException, InterruptedException {
    try (Components components = components()) {
      components.endOrphans();
      signals.onFirst(signal -> stop(components, signal));
      SourceRules rules = SourceRules.ofCommand(settings, oneShot.config());
      return runBatch(
          components,
          components.acceptance().acceptFile(oneShot.config(), given, config, rules),
          signals);
    }
  }

  private Components components() throws IOException {
    return Components.of(settings, new DurableFiles(), aiperf, Owner.ONE_SHOT);
  }

  private static void stop(Components components, String signal) {
    components.stop("interrupted (" + signal + ")");
  }

  /** Resumes an unfinished one-shot batch of this home; returns the exit code. */
  int resume(Path folder) throws IOException, InterruptedException {
    if (!Files.isRegularFile(folder.resolve(BatchFolder.RECORD))) {
      throw new SettingsRefusedException(
          folder + " is not a batch folder: it contains no " + BatchFolder.RECORD);
    }
    try (StartChecks checks = new StartChecks(settings, aiperf)) {
      if (!checks.hasAiperf()) {
        return Exit.REFUSED;
      }
    }
    try (Components components = components()) {
      Batch batch = components.batches().load(folder.toAbsolutePath().normalize());
      if (!batch.record().owner().equals(components.owner())) {
        throw new SettingsRefusedException(
            folder + " is not a one-shot batch of the home " + home.root() + "; see batch.json");
      }
      components.endOrphans();
      return runBatch(components, batch, Signals.handle(signal -> stop(components, signal)));
    }
  }

  private int runBatch(Components components, Batch batch, Signals signals)
      throws IOException, InterruptedException {
    Path folder = batch.folder();
    BatchLogLines lines = new BatchLogLines(batch, home.display(folder));
    lines.opening().forEach(LOG::info);
    OpenResults results = components.recorder().follow(batch);
    signals.beforeEnd(() -> saysInterrupted(results, folder));
    try (BatchLock lock = BatchLock.take(batch);
        CamelApp camel = CamelApp.ofCommand(settings, new RouteSet(ROUTES, components.byName()));
        LiveProgress live = LiveProgress.of(batch)) {
      LOG.debug("Showing {}", live);
      LOG.debug("Holding {}", lock);
      components.dispatch().open(batch);
      camel.start().createProducerTemplate().sendBody("direct:dispatch-release", "");
      awaitEnd(results.whenFinished(), signals);
      components.awaitIdle();
    }
    components.recorder().flush(batch);
    BatchLogLines.closing(results.summary()).forEach(LOG::info);
    lines.report().ifPresent(LOG::info);
    if (outputs.printsTable()) {
      Console.printResults(
          batch, results.sweepKeys(), results.rows(), results.summary().searchLines());
    }
    Optional<BatchVerdict> verdict =
        results.whenFinished().isDone() ? compared(components, batch) : Optional.empty();
    boolean written = written(folder);
    int ended = exit(results, folder);
    signals.beforeEnd(() -> {}); // said now
    int exit = ended == Exit.OK && !written ? Exit.FAILED : ended;
    verdict.map(BatchVerdict::sentence).ifPresent(Console::sentence);
    return exit == Exit.OK ? exit(batch, verdict) : exit;
  }

  /** Whether what the options ask for could be written; the batch has its results in any case. */
  private boolean written(Path folder) {
    try {
      outputs.write(List.of(folder));
      return true;
    } catch (IOException e) {
      LOG.error("Not written: {}", FileFailures.message(e));
      return false;
    }
  }

  /** An error costs only the comparison. */
  private static Optional<BatchVerdict> compared(Components components, Batch batch) {
    try {
      return components.comparisons().compare(batch);
    } catch (IOException | RuntimeException e) {
      LOG.error("Could not compare {}", batch.id(), e);
      return Optional.of(
          new BatchVerdict(Verdict.REFUSED, "REFUSED " + batch.id() + ": " + e.getMessage()));
    }
  }

  private static int exit(Batch batch, Optional<BatchVerdict> verdict) {
    boolean failsOnInconclusive =
        batch.config().evaluation().compare().filter(CompareRule::failsOnInconclusive).isPresent();
    return verdict.map(each -> Exit.of(each.verdict(), failsOnInconclusive)).orElse(Exit.OK);
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

  /** Whether runs are left to do; says how to continue then. */
  private boolean saysInterrupted(OpenResults results, Path folder) {
    if (results.whenFinished().isDone()) {
      return false;
    }
    BatchSummary summary = results.summary();
    LOG.error(
        "Interrupted: {} of {}{} runs ended; to continue: caravan run --resume {}",
        summary.counters().ended(),
        Plural.atMost(summary.search().isPresent()),
        summary.total(),
        home.display(folder));
    return true;
  }

  private int exit(OpenResults results, Path folder) {
    if (saysInterrupted(results, folder)) {
      return Exit.INTERRUPTED;
    }
    BatchSummary summary = results.summary();
    if (outputs.failOn().isFailure(summary)) {
      LOG.error("{}", BatchLogLines.failure(summary, results.rows(), outputs.failOn()));
      return Exit.FAILED;
    }
    return Exit.OK;
  }
}
