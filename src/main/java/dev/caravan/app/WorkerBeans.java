package dev.caravan.app;

import dev.caravan.app.camel.WorkerMail;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.jms.ParcelPost;
import dev.caravan.fleet.protocol.SharedFolder;
import dev.caravan.fleet.worker.WorkerDesk;
import dev.caravan.fleet.worker.WorkerPulse;
import dev.caravan.pipeline.accept.Batches;
import dev.caravan.pipeline.dispatch.Entrance;
import dev.caravan.pipeline.record.Changes;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.pipeline.run.RunFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeId;
import dev.caravan.storage.KeyStore;
import dev.caravan.storage.OutputRoots;
import dev.caravan.storage.Tree;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All objects of a worker: the run stage over its spool, and what it tells the hub. */
final class WorkerBeans {

  private final Home home;
  private final Tree tree;
  private final RunStage stage;
  private final WorkerDesk desk;
  private final WorkerPulse pulse;
  private final Entrance entrance;

  WorkerBeans(Settings settings, Tree tree) throws IOException {
    this.home = new Home(settings.home());
    this.tree = tree;
    KeyStore keys = new KeyStore(home, settings.environment());
    Parts parts = new Parts(settings, home, keys, true);
    Batches batches = new Batches(tree);
    OutputRoots spool = new OutputRoots(home.root(), List.of(WorkerDesk.place(home)), false);
    String id = HomeId.of(home, tree);
    RunFiles files = parts.filesOfWorker(tree, id);
    this.stage = new RunStage(parts, home, tree, keys, batches, spool, files, true);
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
            stage.runs(),
            this::aiperfVersion,
            settings.duration(Setting.WORKER_LEASE),
            System::nanoTime);
    this.entrance = new Entrance(parts.disk());
  }

  private Optional<String> aiperfVersion() {
    return Parts.version(stage.aiperf().find());
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
    return pulse.hearsHub() && aiperfVersion().isPresent() && !entrance.isClosed();
  }

  /** What routes call by name. */
  Map<String, Object> byName() {
    Map<String, Object> beans = new HashMap<>(stage.byName(Changes.UNTOLD));
    beans.put("workerDesk", desk);
    beans.put("workerPulse", pulse);
    return beans;
  }

  /** Ends what dead Caravans left running. */
  void endLeftOvers() throws IOException {
    stage.endLeftOvers();
  }

  /** Ends what is running, after a while. */
  void stopAfter(Duration drain, String words) throws InterruptedException {
    stage.stopAfter(drain, words);
    stage.awaitIdle();
  }
}
