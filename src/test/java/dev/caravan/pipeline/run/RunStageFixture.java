package dev.caravan.pipeline.run;

import dev.caravan.config.settings.Settings;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.hooks.AttemptHooks;
import dev.caravan.pipeline.hooks.HookRunner;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.process.AiperfEnvironment;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.process.KeyPassing;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.pipeline.process.ProcessRunner;
import dev.caravan.pipeline.target.PatientClient;
import dev.caravan.pipeline.target.TargetClient;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A run stage with a fake aiperf in a scratch home, driven like its route does. */
final class RunStageFixture implements AutoCloseable {

  /** A base_config without a probe of its target. */
  static final String BASE =
      """
      base_config:
        model: fake-ok
        url: http://127.0.0.1:9
        health_check_endpoint: none
        warmup_request_count: 1
        benchmark_duration: 1
        concurrency: 2
      """;

  final ScratchHome scratch;
  final RunStage runs;
  final TargetProbes probes;
  final Preflight preflight;
  private final AiperfFinder aiperf;
  private final TargetClient client;
  final ServiceWatch services;
  private final Path temp;

  RunStageFixture(Path home, DurableFiles files) throws IOException {
    this(new ScratchHome(home, files), Optional.of(FakeAiperf.in(home.resolve("bin"))));
  }

  private RunStageFixture(ScratchHome scratch, Optional<Path> aiperf) throws IOException {
    this.scratch = scratch;
    scratch.inbox.prepare();
    Map<String, String> environment =
        AiperfEnvironment.of(System.getenv(), List.of(), scratch.home.root().resolve("tokenizers"));
    this.client = PatientClient.of(environment);
    this.temp = scratch.home.root().resolve("t");
    this.aiperf =
        new AiperfFinder(
            () -> Optional.of(aiperf.map(Path::toString).orElse("nowhere/aiperf")),
            scratch.home.root(),
            System.getenv(),
            Duration.ofSeconds(30));
    this.probes = new TargetProbes(scratch.keys, client);
    this.services = patientWatch(client);
    this.runs =
        new RunStage(
            new RunTree(scratch.batches, scratch.outputs(), scratch.runFolders()),
            probes,
            new HostLocks(Files.createTempDirectory(scratch.home.root(), "locks"), 9, "a test"),
            new LaunchFactory(this.aiperf, scratch.keys, policy(environment), services),
            new AttemptHooks(hookRunner(scratch.settings())),
            true);
    LoadedTokenizers loaded =
        new LoadedTokenizers(Optional.empty(), scratch.files, InstantSource.system());
    Tokenizers tokenizers = new Tokenizers(this.aiperf, policy(environment), loaded);
    this.preflight = new Preflight(runs, scratch.keys, client, tokenizers);
  }

  /** Waits as long for an answer as a busy machine needs. */
  ServiceWatch patientWatch(TargetClient patient) {
    return new ServiceWatch(scratch.keys, patient, PatientClient.LIMIT, PatientClient.LIMIT);
  }

  static RunStageFixture in(Path home) throws IOException {
    return new RunStageFixture(home, new DurableFiles());
  }

  /** As {@link #in}, with only these API keys set. */
  static RunStageFixture withKeys(Path home, Map<String, String> keys) throws IOException {
    return new RunStageFixture(
        new ScratchHome(home, new DurableFiles(), keys),
        Optional.of(FakeAiperf.in(home.resolve("bin"))));
  }

  static RunStageFixture withoutAiperf(Path home) throws IOException {
    return new RunStageFixture(new ScratchHome(home), Optional.empty());
  }

  private HookRunner hookRunner(Settings settings) {
    ProcessRunner processes = new ProcessRunner();
    OrphanReaper reaper = new OrphanReaper(scratch.home, temp, scratch.files);
    return new HookRunner(
        settings,
        scratch.home,
        scratch.files,
        (launch, stop) -> reaper.run(processes, launch, stop),
        true);
  }

  private RunPolicy policy(Map<String, String> environment) {
    return new RunPolicy(
        environment,
        KeyPassing.ENVIRONMENT,
        Duration.ofSeconds(2),
        Optional.of(Duration.ofMinutes(1)),
        scratch.home.root(),
        temp,
        false);
  }

  LaunchFactory launches() {
    return new LaunchFactory(aiperf, scratch.keys, policy(Map.of()), services);
  }

  Batch accept(String config) throws IOException, ConfigRefusedException {
    return scratch.accept(config);
  }

  static RunOrder order(Run run) {
    return RunOrder.execute(run.id(), run.batch().folder().toString(), run.index());
  }

  /** Takes an order for the run through all steps of the stage; returns its report. */
  RunReport execute(Run run) throws IOException, InvalidRunOrderException {
    RunTask task = new HookStep(runs).before(runs.take(order(run)));
    if (task.mayStart()) {
      Attempt attempt = runs.prepare(task);
      task = runs.finish(attempt, start(attempt));
    }
    return runs.report(task);
  }

  /** Starts the attempt's process and waits for its exit. */
  ProcessExit start(Attempt attempt) {
    return attempt.start(new ProcessRunner(), new OrphanReaper(scratch.home, temp, scratch.files));
  }

  static Head head(Run run) {
    return ProcessResult.head(new RunFolder(run.folder()).processResult()).orElseThrow();
  }

  @Override
  public void close() throws IOException {
    services.close();
    client.close();
  }
}
