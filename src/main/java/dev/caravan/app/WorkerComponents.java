package dev.caravan.app;

import dev.caravan.app.camel.OutcomeSender;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.jms.ArchiveTransfer;
import dev.caravan.fleet.protocol.SharedFolder;
import dev.caravan.fleet.worker.HeartbeatSender;
import dev.caravan.fleet.worker.WorkerService;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.dispatch.ReleaseGateMonitor;
import dev.caravan.pipeline.record.PipelineListener;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.pipeline.run.RunFolderWriter;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeId;
import dev.caravan.storage.OutputRoots;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All objects of a worker: the run stage over its spool, and what it tells the hub. */
final class WorkerComponents {

  private final Home home;
  private final DurableFiles durableFiles;
  private final RunComponents stage;
  private final WorkerService desk;
  private final HeartbeatSender pulse;
  private final ReleaseGateMonitor releaseGateMonitor;

  WorkerComponents(Settings settings, DurableFiles durableFiles) throws IOException {
    this.home = new Home(settings.home());
    this.durableFiles = durableFiles;
    SecretStore keys = new SecretStore(home, settings.environment());
    ComponentFactory parts = new ComponentFactory(settings, home, keys, true);
    BatchStore batches = new BatchStore(durableFiles);
    OutputRoots spool = new OutputRoots(home.root(), List.of(WorkerService.place(home)), false);
    String id = HomeId.of(home, durableFiles);
    RunFolderWriter files = parts.filesOfWorker(durableFiles, id);
    this.stage = new RunComponents(parts, home, durableFiles, keys, batches, spool, files, true);
    this.desk =
        new WorkerService(
            id,
            home,
            durableFiles,
            new RemoteRuns(batches, spool, files),
            keys,
            this::aiperfVersion,
            SharedFolder.of(settings.text(Setting.RESULTS_SHARED), home.root(), durableFiles));
    this.pulse =
        new HeartbeatSender(
            new HeartbeatSender.Identity(
                id, settings.list(Setting.WORKER_POOLS), settings.count(Setting.WORKERS, 1)),
            desk,
            stage.runs(),
            this::aiperfVersion,
            settings.duration(Setting.WORKER_LEASE),
            System::nanoTime);
    this.releaseGateMonitor = new ReleaseGateMonitor(parts.disk());
  }

  private Optional<String> aiperfVersion() {
    return ComponentFactory.version(stage.aiperf().find());
  }

  WorkerService desk() {
    return desk;
  }

  HeartbeatSender pulse() {
    return pulse;
  }

  OutcomeSender mail(ArchiveTransfer post) throws IOException {
    return new OutcomeSender(desk, pulse, post, home, durableFiles);
  }

  /** Whether a run could be executed now. */
  boolean mayTake() {
    return pulse.hearsHub() && aiperfVersion().isPresent() && !releaseGateMonitor.isClosed();
  }

  /** What routes call by name. */
  Map<String, Object> byName() {
    Map<String, Object> beans = new HashMap<>(stage.byName(PipelineListener.UNTOLD));
    beans.put("workerService", desk);
    beans.put("heartbeats", pulse);
    return beans;
  }

  /** Ends what dead Caravans left running. */
  void endLeftOvers() throws IOException {
    stage.endLeftOvers();
  }

  /** Ends what is running, after a while. */
  void stopAfter(Duration drain, String message) throws InterruptedException {
    stage.stopAfter(drain, message);
    stage.awaitIdle();
  }
}
