package dev.caravan.pipeline.record;

import dev.caravan.config.FixedRules;
import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.model.Batch;
import dev.caravan.model.HomeControl;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.observe.report.BatchStates;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.dispatch.ControlFileProcessor;
import dev.caravan.pipeline.dispatch.ControlRequestHandler;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.dispatch.Dispatch;
import dev.caravan.pipeline.dispatch.DispatchPolicy;
import dev.caravan.pipeline.dispatch.Resume;
import dev.caravan.pipeline.hooks.BatchHooks;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.pipeline.outcome.ReturnCodes;
import dev.caravan.pipeline.run.RunFolderWriter;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A daemon without routes and aiperf: its runs end as the test says. Create another one in the same
 * folder to restart it.
 */
final class TestDaemon {

  /** A config named night of four runs. */
  static final String FOUR = config("night", "concurrency: [1, 2, 3, 4]");

  final ScratchHome scratch;
  final Dispatch dispatch;
  final ControlFileProcessor controlFiles;
  final List<String> stopped = new ArrayList<>();

  /** How many runs are executed at once. */
  int slots = 1;

  /** How long each run takes, in seconds. */
  long seconds = 1;

  private final RunFolderWriter files;
  final Recorder recorder;

  TestDaemon(Path folder, DurableFiles durableFiles) throws IOException {
    scratch = new ScratchHome(folder, durableFiles);
    files = scratch.runFolders();
    PipelineListeners listeners = new PipelineListeners();
    recorder = new Recorder(durableFiles, scratch.open, files, listeners, BatchHooks.NONE);
    ControlStore controls = new ControlStore(durableFiles);
    DispatchPolicy policy =
        new DispatchPolicy(pool -> slots, Optional::empty, Duration.ZERO, Duration.ofHours(1));
    dispatch = new Dispatch(policy, recorder, listeners, controls, System::nanoTime);
    BatchFinder finder = new BatchFinder(scratch.home, List.of(), scratch.open);
    ControlRequestHandler.Context context =
        new ControlRequestHandler.Context(
            scratch.home,
            durableFiles,
            finder,
            scratch.open,
            scratch.outputs(),
            scratch.batches,
            controls,
            ScratchHome.OWNER);
    controlFiles =
        new ControlFileProcessor(
            scratch.home,
            durableFiles,
            new ControlRequestHandler(
                context, dispatch, (order, why) -> stopped.add(order.runId())));
  }

  /** Starts a daemon in this folder; it resumes what the previous one left unfinished. */
  static TestDaemon in(Path folder) throws IOException {
    TestDaemon daemon = new TestDaemon(folder, new DurableFiles());
    daemon.scratch.inbox.prepare();
    daemon.start();
    return daemon;
  }

  void start() throws IOException {
    controlFiles.restore();
    controlFiles.apply();
    for (Batch batch :
        new Resume(scratch.open, scratch.batches, ScratchHome.OWNER, List.of(scratch.home.root()))
            .unfinishedBatches()) {
      dispatch.open(batch);
    }
  }

  /** Drops a config and opens its batch. */
  Batch take(String config) throws Exception {
    var claim = scratch.claim("c.yaml", config);
    var accepted = scratch.acceptance.accept(claim, scratch.rules());
    dispatch.schedule(accepted);
    scratch.inbox.archive(claim);
    return accepted.batch();
  }

  /** Writes a request and carries it out; the message if it was refused. */
  Optional<String> handle(ControlRequest request) throws IOException {
    Path file = request.write(scratch.home, scratch.files);
    controlFiles.apply();
    Path refused = file.resolveSibling(file.getFileName() + ".refused.txt");
    return Files.exists(refused) ? Optional.of(Files.readString(refused)) : Optional.empty();
  }

  /** What the batches of this home do, by what a daemon tells. */
  BatchStates states(Optional<DaemonStatus> status) {
    return states(status, List.of());
  }

  /** What batches do by this status and by these workers of a hub. */
  BatchStates states(Optional<DaemonStatus> status, List<WorkerView> workers) {
    return new BatchStates(
        scratch.home,
        new ControlStore(scratch.files),
        HomeControl.of(scratch.home),
        status,
        workers);
  }

  /** A config of this name with these sweeps, in YAML's braces. */
  static String config(String name, String sweeps) {
    return "batch_name: " + name + "\n" + FixedRules.BASE + "sweeps: {" + sweeps + "}\n";
  }

  static ControlRequest request(Action action, Batch batch) {
    return ControlRequest.of(action, "ann", "no time").forBatch(batch.folder());
  }

  /** Writes the summaries that have changed. */
  void refresh() {
    recorder.refresh();
  }

  /** Releases runs; their orders. */
  List<RunOrder> release() {
    return dispatch.release();
  }

  /** Ends the run of an order: as the order says, or else with this outcome. */
  void end(RunOrder order, Outcome outcome) throws IOException {
    report(RunReport.ended(order, endUnreported(order, outcome)));
  }

  /** The same, of which nobody is told. */
  Head endUnreported(RunOrder order, Outcome outcome) throws IOException {
    Run run = scratch.batches.load(Path.of(order.batchFolder())).run(order.runIndex());
    Head head = head(order, run, outcome);
    RunFolder folder = new RunFolder(Files.createDirectories(run.folder()));
    new ResultWriter(scratch.files::writeWhole)
        .write(folder, ProcessResult.of(folder, head, List.of(), List.of(), ReturnCodes.NONE));
    return head;
  }

  /** Reports that a run is executed again after this time. */
  void retry(RunOrder order, Outcome outcome, Duration wait) throws IOException {
    Run run = scratch.batches.load(Path.of(order.batchFolder())).run(order.runIndex());
    report(RunReport.retry(order, head(order, run, outcome), wait));
  }

  /** Reports that a run has ended whose result file holds nothing. */
  void endUnreadably(RunOrder order) throws IOException {
    Run run = scratch.batches.load(Path.of(order.batchFolder())).run(order.runIndex());
    RunFolder folder = new RunFolder(Files.createDirectories(run.folder()));
    Files.createFile(folder.processResult());
    report(RunReport.ended(order, head(order, run, Outcome.SUCCEEDED)));
  }

  private void report(RunReport report) throws IOException {
    recorder.record(report);
    dispatch.recorded(report);
  }

  private Head head(RunOrder order, Run run, Outcome outcome) throws IOException {
    Outcome ending = order.requestedEnding().map(e -> Outcome.of(e.outcome())).orElse(outcome);
    int attempt = countEntries(run.folder().resolve("attempts")) + 1;
    String reason = order.requestedEnding().map(RunOrder.Ending::reason).orElse("reason");
    OffsetDateTime now = OffsetDateTime.now();
    return new Head(
        ending,
        ending == Outcome.FAILED ? "crashed" : "",
        List.of(reason),
        attempt,
        true,
        Optional.empty(),
        now,
        now,
        Duration.ofSeconds(seconds),
        "0.13.0");
  }

  /** Releases and ends runs until none remains; their ids, with the reason of those only ended. */
  List<String> runToTheEnd(Outcome outcome) throws IOException {
    List<String> ids = new ArrayList<>();
    for (List<RunOrder> now = release(); !now.isEmpty(); now = release()) {
      for (RunOrder order : now) {
        ids.add(order.runId().replaceFirst("^[^/]*/[^/]*/", "") + reason(order));
        end(order, outcome);
      }
    }
    return ids;
  }

  private static String reason(RunOrder order) {
    return order.requestedEnding().map(e -> " " + e.reason()).orElse("");
  }

  private static int countEntries(Path folder) throws IOException {
    return ScratchHome.names(folder).size();
  }

  static Head head(Batch batch, int index) {
    return ProcessResult.head(new RunFolder(batch.run(index).folder()).processResult())
        .orElseThrow();
  }

  static BatchSummary summary(Batch batch) {
    return BatchSummary.read(batch.folder().resolve(BatchFolder.SUMMARY)).orElseThrow();
  }
}
