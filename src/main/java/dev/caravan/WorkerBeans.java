package dev.caravan;

import dev.caravan.batch.Batches;
import dev.caravan.batch.DeadLetters;
import dev.caravan.batch.Home;
import dev.caravan.batch.HomeId;
import dev.caravan.batch.KeyStore;
import dev.caravan.batch.OutputRoots;
import dev.caravan.batch.Tree;
import dev.caravan.broker.ParcelPost;
import dev.caravan.config.Setting;
import dev.caravan.config.Settings;
import dev.caravan.events.Changes;
import dev.caravan.exec.AiperfFinder;
import dev.caravan.exec.ProcessRunner;
import dev.caravan.health.TargetClient;
import dev.caravan.remote.SharedFolder;
import dev.caravan.remote.WorkerDesk;
import dev.caravan.remote.WorkerPulse;
import dev.caravan.run.Launches;
import dev.caravan.run.LeftOvers;
import dev.caravan.run.Preflight;
import dev.caravan.run.Probes;
import dev.caravan.run.RemoteRuns;
import dev.caravan.run.RunFiles;
import dev.caravan.run.RunPolicy;
import dev.caravan.run.Runs;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.component.http.HttpClientConfigurer;

/** All objects of a worker: the run stage over its spool, and what it tells the hub. */
final class WorkerBeans {

  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

  private final Home home;
  private final Tree tree;
  private final AiperfFinder aiperf;
  private final TargetClient client;
  private final Probes probes;
  private final LeftOvers leftOvers;
  private final Runs runs;
  private final Preflight preflight;
  private final WorkerDesk desk;
  private final WorkerPulse pulse;

  WorkerBeans(Settings settings, Tree tree) throws IOException {
    this.home = new Home(settings.home());
    this.tree = tree;
    KeyStore keys = new KeyStore(home, settings.environment());
    Parts parts = new Parts(settings, home, keys, true);
    this.aiperf = parts.finder();
    this.client = new TargetClient(parts.aiperfEnvironment());
    this.probes = new Probes(keys, client);
    this.leftOvers = new LeftOvers(home, Parts.temp(), tree);
    Batches batches = new Batches(tree);
    OutputRoots spool = new OutputRoots(home.root(), List.of(WorkerDesk.place(home)), false);
    RunFiles files = parts.filesWithoutLetters(tree);
    RunPolicy policy = parts.runPolicy();
    this.runs =
        new Runs(
            batches, spool, probes, parts.locks(), new Launches(aiperf, keys, policy), files, true);
    this.preflight = new Preflight(runs, keys, client, aiperf, policy);
    String id = HomeId.of(home, tree);
    this.desk =
        new WorkerDesk(
            id,
            home,
            tree,
            new RemoteRuns(batches, spool, files),
            keys,
            this::aiperfVersion,
            SharedFolder.of(settings.text(Setting.RESULTS_SHARED), home.root(), tree));
    this.pulse =
        new WorkerPulse(
            new WorkerPulse.Identity(
                id, settings.list(Setting.WORKER_POOLS), settings.count(Setting.WORKERS, 1)),
            desk,
            runs,
            this::aiperfVersion,
            settings.duration(Setting.WORKER_LEASE),
            System::nanoTime);
  }

  private Optional<String> aiperfVersion() {
    return Parts.version(aiperf.find());
  }

  WorkerDesk desk() {
    return desk;
  }

  WorkerPulse pulse() {
    return pulse;
  }

  WorkerMail mail(ParcelPost post) throws IOException {
    return new WorkerMail(desk, pulse, post, home, tree);
  }

  /** Whether a run could be executed now. */
  boolean mayTake() {
    return pulse.hearsHub() && aiperfVersion().isPresent();
  }

  /** What routes call by name. */
  Map<String, Object> byName() {
    Map<String, Object> beans = new HashMap<>();
    HttpClientConfigurer asAiperfDoes = client::customise;
    beans.put("runs", runs);
    beans.put("probes", probes);
    beans.put("preflight", preflight);
    beans.put("deadLetters", new DeadLetters(home, tree));
    beans.put("errors", new RouteErrors());
    beans.put("aiperfBinding", new AiperfBinding());
    beans.put("aiperfExecutor", new AiperfExecutor(new ProcessRunner(), leftOvers, Changes.UNTOLD));
    beans.put("asAiperfDoes", asAiperfDoes);
    beans.put("workerDesk", desk);
    beans.put("workerPulse", pulse);
    return beans;
  }

  /** Ends what dead Caravans left running. */
  void endLeftOvers() throws IOException {
    leftOvers.end();
  }

  /** Ends what is running, after a while. */
  void stopAfter(Duration drain, String words) throws InterruptedException {
    runs.drain(words);
    if (!runs.awaitIdle(drain)) {
      runs.stop(words);
    }
    runs.awaitIdle(LONGEST_STOP);
  }
}
