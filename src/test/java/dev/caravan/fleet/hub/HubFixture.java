package dev.caravan.fleet.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.fleet.protocol.ResultArchive;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.pipeline.run.RunFolderWriter;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.run.RunTree;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.ScratchHome;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** The home of a hub with an accepted run, on a clock that the test moves. */
final class HubFixture {

  /** A delivery that the hub does not know. */
  static final String UNKNOWN = "f".repeat(32);

  private static final String FAILED =
      """
      {"schema": 1, "status": "failed", "cause": "crashed", "reasons": ["x"], "attempt": 1,
       "final": true, "started_at": "2026-11-25T01:00:00.000Z",
       "ended_at": "2026-11-25T01:00:01.000Z", "duration_seconds": 1.0,
       "aiperf_version": "0.13.0", "args": [],
       "returncode": 3, "stdout": "", "stderr": ""}
      """;

  final AtomicLong now = new AtomicLong();
  final ScratchHome scratch;
  final Run run;
  final RunOrder order;
  private final Path folder;
  private WorkerMonitor monitor;

  HubFixture(Path folder) throws Exception {
    this.folder = folder;
    scratch = new ScratchHome(Files.createDirectory(folder.resolve("home")));
    Files.createDirectories(scratch.home.inbox());
    run = accept("a.yaml");
    order = RunOrder.execute(run.id(), run.batch().folder().toString(), 0);
  }

  /** The first run of a batch that is accepted now. */
  Run accept(String name) throws Exception {
    return scratch
        .acceptance
        .accept(scratch.claim(name, FixedRules.BASE), scratch.rules())
        .batch()
        .run(0);
  }

  /** What a worker delivers of a run that has failed, with further files of these names. */
  Path archive(String deliveryId, String... names) throws Exception {
    Path from = Files.createDirectories(folder.resolve("from"));
    List<Path> files = new ArrayList<>();
    files.add(Files.writeString(from.resolve("process_result.json"), FAILED));
    for (String name : names) {
      Path file = from.resolve(name);
      Files.createDirectories(file.getParent());
      files.add(Files.writeString(file, name));
    }
    Path archive = folder.resolve("archive.zip");
    try (OutputStream out = Files.newOutputStream(archive)) {
      RunReport report = RunReport.on(order, Kind.ENDED, "");
      ResultArchive.pack(deliveryId, "w", report, from, files, false, out);
    }
    return archive;
  }

  /** The list of such files is longer than a hub takes. */
  static String[] namesBeyondAList() {
    return IntStream.range(0, 13_000).mapToObj(n -> "n".repeat(200) + n).toArray(String[]::new);
  }

  /** A hub that starts with what the home has, and writes by these files. */
  HubService hub(DurableFiles durableFiles) throws Exception {
    RunFolderWriter files = new ScratchHome(scratch.home.root(), durableFiles).runFolders();
    RemoteRuns runs = new RemoteRuns(new RunTree(scratch.batches, scratch.outputs(), files));
    monitor =
        new WorkerMonitor(
            "hub",
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            new Workers(Duration.ofSeconds(30), now::get, new PipelineListeners()),
            (pool, deliveryId) -> false,
            now::get);
    return new HubService(
        scratch.home,
        durableFiles,
        runs,
        new PipelineListeners(),
        monitor,
        new ArchiveUnpacker(durableFiles, 1 << 20, Optional.empty()));
  }

  /** Sends the run by this hub, no worker of which reports on it until it counts as lost. */
  String lose(HubService hub) throws Exception {
    String deliveryId = hub.assign(order).deliveryId();
    for (int second = 0; second < 200; second++) {
      now.addAndGet(Duration.ofSeconds(1).toNanos());
      monitor.hubHeartbeat(monitor.heartbeat(List.of(), id -> false));
      List<RunReport> lost = hub.expired();
      if (!lost.isEmpty()) {
        assertThat(lost.get(0).message()).contains("no worker has reported this attempt");
        return deliveryId;
      }
    }
    throw new AssertionError("the run is not lost after 200 seconds");
  }

  /** The monitor of the hub that started last. */
  WorkerMonitor monitor() {
    return monitor;
  }
}
