package dev.caravan.app;

import dev.caravan.app.camel.AiperfBinding;
import dev.caravan.app.camel.AiperfExecutor;
import dev.caravan.app.camel.RouteErrors;
import dev.caravan.pipeline.accept.Batches;
import dev.caravan.pipeline.accept.DeadLetters;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.process.ProcessRunner;
import dev.caravan.pipeline.record.Changes;
import dev.caravan.pipeline.run.Launches;
import dev.caravan.pipeline.run.LeftOvers;
import dev.caravan.pipeline.run.Preflight;
import dev.caravan.pipeline.run.Probes;
import dev.caravan.pipeline.run.RunFiles;
import dev.caravan.pipeline.run.RunPolicy;
import dev.caravan.pipeline.run.Runs;
import dev.caravan.pipeline.target.TargetClient;
import dev.caravan.storage.Home;
import dev.caravan.storage.KeyStore;
import dev.caravan.storage.OutputRoots;
import dev.caravan.storage.Tree;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.component.http.HttpClientConfigurer;

/** The objects that execute runs: a daemon's, a one-shot's, or a worker's over its spool. */
final class RunStage {

  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

  private final Home home;
  private final Tree tree;
  private final AiperfFinder aiperf;
  private final TargetClient client;
  private final Probes probes;
  private final LeftOvers leftOvers;
  private final Runs runs;
  private final Preflight preflight;

  /**
   * A run stage.
   *
   * @param roots where batch folders may lie
   * @param prefixLines whether log lines name the batch
   */
  RunStage(
      Parts parts,
      Home home,
      Tree tree,
      KeyStore keys,
      Batches batches,
      OutputRoots roots,
      RunFiles files,
      boolean prefixLines) {
    this.home = home;
    this.tree = tree;
    this.aiperf = parts.finder();
    this.client = new TargetClient(parts.aiperfEnvironment());
    this.probes = new Probes(keys, client);
    this.leftOvers = new LeftOvers(home, Parts.temp(), tree);
    RunPolicy policy = parts.runPolicy();
    Launches launches = new Launches(aiperf, keys, policy);
    this.runs = new Runs(batches, roots, probes, parts.locks(), launches, files, prefixLines);
    this.preflight = new Preflight(runs, keys, client, aiperf, policy);
  }

  AiperfFinder aiperf() {
    return aiperf;
  }

  TargetClient client() {
    return client;
  }

  Probes probes() {
    return probes;
  }

  Runs runs() {
    return runs;
  }

  /**
   * What routes call by name.
   *
   * @param changes is told when a run starts
   */
  Map<String, Object> byName(Changes changes) {
    Map<String, Object> beans = new HashMap<>();
    HttpClientConfigurer asAiperfDoes = client::customise;
    beans.put("runs", runs);
    beans.put("probes", probes);
    beans.put("preflight", preflight);
    beans.put("deadLetters", new DeadLetters(home, tree));
    beans.put("errors", new RouteErrors());
    beans.put("aiperfBinding", new AiperfBinding());
    beans.put("aiperfExecutor", new AiperfExecutor(new ProcessRunner(), leftOvers, changes));
    beans.put("asAiperfDoes", asAiperfDoes);
    return beans;
  }

  /** Ends what dead Caravans left running. */
  void endLeftOvers() throws IOException {
    leftOvers.end();
  }

  /** Starts nothing more, and ends what is running after a while. */
  void stopAfter(Duration drain, String words) throws InterruptedException {
    runs.drain(words);
    if (!runs.awaitIdle(drain)) {
      runs.stop(words);
    }
  }

  /** Waits until nothing is running. */
  void awaitIdle() throws InterruptedException {
    runs.awaitIdle(LONGEST_STOP);
  }
}
