package dev.caravan.app;

import dev.caravan.app.camel.AiperfBinding;
import dev.caravan.app.camel.AiperfExecutor;
import dev.caravan.app.camel.RouteErrorLogger;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.DeadLetterStore;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.process.ProcessRunner;
import dev.caravan.pipeline.record.PipelineListener;
import dev.caravan.pipeline.run.LaunchFactory;
import dev.caravan.pipeline.run.OrphanReaper;
import dev.caravan.pipeline.run.Preflight;
import dev.caravan.pipeline.run.RunFolderWriter;
import dev.caravan.pipeline.run.RunPolicy;
import dev.caravan.pipeline.run.RunStage;
import dev.caravan.pipeline.run.TargetProbes;
import dev.caravan.pipeline.target.TargetClient;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.OutputRoots;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.component.http.HttpClientConfigurer;

/** The objects that execute runs, for a daemon, a one-shot command, or a worker on its spool. */
final class RunComponents {

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  private final Home home;
  private final DurableFiles durableFiles;
  private final AiperfFinder aiperf;
  private final TargetClient client;
  private final TargetProbes probes;
  private final OrphanReaper orphanReaper;
  private final RunStage runs;
  private final Preflight preflight;

  /**
   * Creates the run stage.
   *
   * @param roots folders in which batch folders may be
   * @param prefixLines whether log lines start with the batch
   */
  RunComponents(
      ComponentFactory factory,
      Home home,
      DurableFiles durableFiles,
      SecretStore keys,
      BatchStore batches,
      OutputRoots roots,
      RunFolderWriter files,
      boolean prefixLines) {
    this.home = home;
    this.durableFiles = durableFiles;
    this.aiperf = factory.aiperfFinder();
    this.client = new TargetClient(factory.aiperfEnvironment());
    this.probes = new TargetProbes(keys, client);
    this.orphanReaper = new OrphanReaper(home, ComponentFactory.tempFolder(), durableFiles);
    RunPolicy policy = factory.runPolicy();
    LaunchFactory launches = new LaunchFactory(aiperf, keys, policy);
    this.runs =
        new RunStage(batches, roots, probes, factory.hostLocks(), launches, files, prefixLines);
    this.preflight = new Preflight(runs, keys, client, aiperf, policy);
  }

  AiperfFinder aiperf() {
    return aiperf;
  }

  TargetClient client() {
    return client;
  }

  TargetProbes probes() {
    return probes;
  }

  RunStage runs() {
    return runs;
  }

  /**
   * The beans that routes call, by name.
   *
   * @param listener notified when a run starts
   */
  Map<String, Object> byName(PipelineListener listener) {
    Map<String, Object> beans = new HashMap<>();
    HttpClientConfigurer targetHttpClient = client::configure;
    beans.put("runs", runs);
    beans.put("probes", probes);
    beans.put("preflight", preflight);
    beans.put("deadLetters", new DeadLetterStore(home, durableFiles));
    beans.put("routeErrors", new RouteErrorLogger());
    beans.put("aiperfBinding", new AiperfBinding());
    beans.put("aiperfExecutor", new AiperfExecutor(new ProcessRunner(), orphanReaper, listener));
    beans.put("targetHttpClient", targetHttpClient);
    return beans;
  }

  /** Ends processes that dead Caravans left running. */
  void endOrphans() throws IOException {
    orphanReaper.endOrphans();
  }

  /** Starts nothing more, and stops what is still running after {@code drain}. */
  void stopAfter(Duration drain, String message) throws InterruptedException {
    runs.drain(message);
    if (!runs.awaitIdle(drain)) {
      runs.stop(message);
    }
  }

  /** Waits until nothing is running. */
  void awaitIdle() throws InterruptedException {
    runs.awaitIdle(STOP_TIMEOUT);
  }
}
