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

/** The objects of a worker: the run stage on its spool, and the communication with the hub. */
final class WorkerComponents {

  private final Home home;
  private final DurableFiles durableFiles;
  private final RunComponents runComponents;
  private final WorkerService service;
  private final HeartbeatSender heartbeats;
  private final ReleaseGateMonitor releaseGateMonitor;

  WorkerComponents(Settings settings, DurableFiles durableFiles) throws IOException {
    this.home = new Home(settings.home());
    this.durableFiles = durableFiles;
    SecretStore keys = new SecretStore(home, settings.environment());
    ComponentFactory factory = new ComponentFactory(settings, home, keys, true);
    BatchStore batches = new BatchStore(durableFiles);
    OutputRoots spool =
        new OutputRoots(home.root(), List.of(WorkerService.spoolFolder(home)), false);
    String id = HomeId.of(home, durableFiles);
    RunFolderWriter files = factory.workerRunFolderWriter(durableFiles, id);
    this.runComponents =
        new RunComponents(factory, home, durableFiles, keys, batches, spool, files, true);
    this.service =
        new WorkerService(
            id,
            home,
            durableFiles,
            new RemoteRuns(batches, spool, files),
            keys,
            this::aiperfVersion,
            SharedFolder.of(settings.text(Setting.RESULTS_SHARED), home.root(), durableFiles));
    this.heartbeats =
        new HeartbeatSender(
            new HeartbeatSender.Identity(
                id, settings.list(Setting.WORKER_POOLS), settings.count(Setting.WORKERS, 1)),
            service,
            runComponents.runs(),
            this::aiperfVersion,
            settings.duration(Setting.WORKER_LEASE),
            System::nanoTime);
    this.releaseGateMonitor = new ReleaseGateMonitor(factory.disk());
  }

  private Optional<String> aiperfVersion() {
    return ComponentFactory.version(runComponents.aiperf().find());
  }

  WorkerService service() {
    return service;
  }

  HeartbeatSender heartbeats() {
    return heartbeats;
  }

  OutcomeSender outcomeSender(ArchiveTransfer transfer) throws IOException {
    return new OutcomeSender(service, heartbeats, transfer, home, durableFiles);
  }

  /** Whether a run can be executed now. */
  boolean isReady() {
    return heartbeats.isConnected()
        && aiperfVersion().isPresent()
        && !releaseGateMonitor.isClosed();
  }

  /** The beans that routes call, by name. */
  Map<String, Object> byName() {
    Map<String, Object> beans = new HashMap<>(runComponents.byName(PipelineListener.NONE));
    beans.put("workerService", service);
    beans.put("heartbeats", heartbeats);
    return beans;
  }

  /** Ends processes that dead Caravans left running. */
  void endOrphans() throws IOException {
    runComponents.endOrphans();
  }

  /** Stops what is still running after {@code drain}. */
  void stopAfter(Duration drain, String message) throws InterruptedException {
    runComponents.stopAfter(drain, message);
    runComponents.awaitIdle();
  }
}
