package dev.caravan.pipeline.record;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.dispatch.ControlFileProcessor;
import dev.caravan.pipeline.dispatch.ControlRequestHandler;
import dev.caravan.pipeline.dispatch.Dispatch;
import dev.caravan.pipeline.dispatch.Resume;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.pipeline.outcome.RunFolder;
import dev.caravan.pipeline.run.RunDeadLetters;
import dev.caravan.pipeline.run.RunFolderWriter;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * All of a daemon but its routes and aiperf: its runs end as the test says. Make another one over
 * the same folder for its next life.
 */
final class DaemonLife {

  final ScratchHome life;
  final Dispatch dispatch;
  final ControlFileProcessor desk;
  final List<String> ended = new ArrayList<>();

  /** How long each run takes. */
  long seconds = 1;

  private final RunFolderWriter files;
  private final Recorder recorder;

  DaemonLife(Path folder, DurableFiles durableFiles) throws IOException {
    life = new ScratchHome(folder, durableFiles);
    files =
        new RunFolderWriter(
            durableFiles, new RunDeadLetters(life.home, durableFiles), life.keys, 5);
    recorder = new Recorder(durableFiles, life.open, files);
    ControlStore controls = new ControlStore(durableFiles);
    Dispatch.Policy policy = new Dispatch.Policy(pool -> 1, Duration.ZERO, Duration.ofHours(1));
    dispatch = new Dispatch(policy, recorder, controls, Optional::empty, System::nanoTime);
    BatchFinder finder = new BatchFinder(life.home, List.of(), life.open);
    ControlRequestHandler.Place place =
        new ControlRequestHandler.Place(
            life.home,
            durableFiles,
            finder,
            life.open,
            life.outputs(),
            life.batches,
            controls,
            ScratchHome.OWNER);
    desk =
        new ControlFileProcessor(
            life.home,
            durableFiles,
            new ControlRequestHandler(place, dispatch, (id, why) -> ended.add(id)));
  }

  /** A life that goes on with what the last one left. */
  static DaemonLife in(Path folder) throws IOException {
    DaemonLife daemon = new DaemonLife(folder, new DurableFiles());
    daemon.life.inbox.prepare();
    daemon.start();
    return daemon;
  }

  void start() throws IOException {
    desk.restore();
    desk.apply();
    for (Batch batch :
        new Resume(life.open, life.batches, ScratchHome.OWNER, List.of(life.home.root()))
            .batches()) {
      dispatch.open(batch);
    }
  }

  /** Drops a config and takes it on. */
  Batch take(String config) throws Exception {
    var claim = life.claim("c.yaml", config);
    var accepted = life.acceptance.accept(claim, life.rules());
    dispatch.take(accepted);
    life.inbox.archive(claim);
    return accepted.batch();
  }

  /** Writes a request and has it carried out; the words of the refusal, if it was refused. */
  Optional<String> request(ControlRequest request) throws IOException {
    Path file = request.write(life.home, life.files);
    desk.apply();
    Path refused = file.resolveSibling(file.getFileName() + ".refused.txt");
    return Files.exists(refused) ? Optional.of(Files.readString(refused)) : Optional.empty();
  }

  static ControlRequest order(Action action, Batch batch) {
    return ControlRequest.of(action, "ann", "no time").forBatch(batch.folder());
  }

  /** Writes the summaries that have changed. */
  void refresh() {
    recorder.refresh();
  }

  /** The orders that are released now. */
  List<RunOrder> release() {
    return dispatch.release().stream().map(RunOrder::of).toList();
  }

  /** Ends what an order asks for: as it says itself, else so. */
  void end(RunOrder order, Outcome outcome) throws IOException {
    Run run = life.batches.load(Path.of(order.batchFolder())).run(order.runIndex());
    Outcome as = order.requestedEnding().map(e -> Outcome.of(e.outcome())).orElse(outcome);
    int attempt = names(run.folder().resolve("attempts")) + 1;
    RunFolder folder = new RunFolder(Files.createDirectories(run.folder()));
    String why = order.requestedEnding().map(RunOrder.Ending::reason).orElse("why");
    OffsetDateTime now = OffsetDateTime.now();
    Head head =
        new Head(
            as,
            as == Outcome.FAILED ? "crashed" : "",
            List.of(why),
            attempt,
            true,
            Optional.empty(),
            now,
            now,
            Duration.ofSeconds(seconds),
            "0.13.0");
    new ResultWriter(life.files::writeWhole)
        .write(folder, ProcessResult.of(folder, head, List.of(), List.of(), OptionalInt.empty()));
    String report = RunReport.ended(order, head).json();
    recorder.record(report);
    dispatch.recorded(report);
  }

  /** Releases and ends runs until none is left; their ids, with the reason of those only ended. */
  List<String> runToTheEnd(Outcome outcome) throws IOException {
    List<String> ids = new ArrayList<>();
    for (List<RunOrder> now = release(); !now.isEmpty(); now = release()) {
      for (RunOrder order : now) {
        ids.add(order.runId().replaceFirst("^[^/]*/[^/]*/", "") + message(order));
        end(order, outcome);
      }
    }
    return ids;
  }

  private static String message(RunOrder order) {
    return order.requestedEnding().map(e -> " " + e.reason()).orElse("");
  }

  private static int names(Path folder) throws IOException {
    return ScratchHome.names(folder).size();
  }

  static Head head(Batch batch, int index) {
    return ProcessResult.head(new RunFolder(batch.run(index).folder()).processResult())
        .orElseThrow();
  }

  static BatchSummary summary(Batch batch) {
    return BatchSummary.read(batch.folder().resolve(ResultWriter.SUMMARY)).orElseThrow();
  }
}
