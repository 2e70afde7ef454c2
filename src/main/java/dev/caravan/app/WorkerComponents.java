package dev.caravan.app;

import dev.caravan.app.camel.OutcomeSender;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.jms.ArchiveTransfer;
import dev.caravan.fleet.jms.Destinations;
import dev.caravan.fleet.protocol.SharedFolder;
import dev.caravan.fleet.worker.HeartbeatSender;
import dev.caravan.fleet.worker.WorkerService;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.dispatch.DiskGate;
import dev.caravan.pipeline.dispatch.ReleaseGateMonitor;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.run.KeyNotes;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.pipeline.run.RunFolderWriter;
import dev.caravan.pipeline.run.RunTree;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeId;
import dev.caravan.storage.OutputRoots;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The parts of a worker: those that execute runs, on its spool, and those that talk to the hub. */
final class WorkerComponents {

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  private final Home home;
  private final DurableFiles files;
  private final RunComponents execution;
  private final WorkerService service;
  private final HeartbeatSender heartbeats;
  private final AiperfFinder aiperf;
  private final ReleaseGateMonitor gate;

  WorkerComponents(Settings settings, DurableFiles files) throws IOException {
    this.home = new Home(settings.home());
    this.files = files;
    String id = HomeId.of(home, files);
    Path spool = WorkerService.spoolFolder(home);
    RunTree tree =
        new RunTree(
            new BatchStore(files),
            new OutputRoots(home.root(), List.of(spool), false),
            RunFolderWriter.of(
                settings, new Home(spool), KeyNotes.of(settings, home, files), files, id));
    aiperf = AiperfFinder.of(settings);
    execution =
        new RunComponents(settings, home, files, aiperf, tree, new PipelineListeners(), true);
    service =
        new WorkerService(
            id,
            home,
            files,
            new RemoteRuns(tree),
            SecretStore.of(settings),
            aiperf::version,
            SharedFolder.of(settings, files));
    DiskGate disk = DiskGate.of(settings, home);
    gate = new ReleaseGateMonitor(() -> disk.closedReason().or(execution.locks::closedReason));
    heartbeats =
        HeartbeatSender.of(settings, id, service, execution.runs, aiperf, gate::closedReason);
  }

  WorkerService service() {
    return service;
  }

  HeartbeatSender heartbeats() {
    return heartbeats;
  }

  OutcomeSender outcomeSender(ArchiveTransfer transfer) throws IOException {
    return new OutcomeSender(
        service,
        heartbeats,
        archive -> transfer.send(archive, Destinations.OUTCOMES),
        home,
        files,
        System::nanoTime);
  }

  /** Whether a run can be executed now. */
  boolean isReady() {
    return heartbeats.isConnected() && aiperf.version().isPresent() && !gate.isClosed();
  }

  /** The beans that routes call, by name. */
  Map<String, Object> byName() {
    Map<String, Object> beans = new HashMap<>(execution.byName());
    beans.put("workerService", service);
    beans.put("heartbeats", heartbeats);
    return beans;
  }

  /**
   * Ends processes that dead Caravans left running, and reports runs that they lost. Looks at the
   * disk and the locks, so that the first heartbeat is as true as the later ones.
   */
  void recover() throws IOException {
    gate.isClosed();
    execution.orphans.endOrphans();
    service.recover();
  }

  /** Starts nothing more, ends what is still running after {@code drain}, and waits for it. */
  void stopAfter(Duration drain, String message) throws InterruptedException {
    execution.runs.stopAfter(drain, message);
    execution.runs.awaitIdle(STOP_TIMEOUT);
  }
}
