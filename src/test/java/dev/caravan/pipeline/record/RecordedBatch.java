package dev.caravan.pipeline.record;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.hooks.BatchHooks;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.pipeline.outcome.ResultsCsv;
import dev.caravan.pipeline.outcome.ReturnCodes;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
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

/** A batch of three runs with its recorder, whose disk is full when a test says so. */
final class RecordedBatch {

  private static final OffsetDateTime START = OffsetDateTime.parse("2026-11-24T14:02:54+01:00");

  /** Names of the files that the recorder has written, in order. */
  final List<String> written = new ArrayList<>();

  final ScratchHome scratch;
  final PipelineListeners listeners = new PipelineListeners();
  final Recorder recorder;
  final Batch accepted;

  /** Whether the recorder can write nothing. */
  boolean diskFull;

  /** Whether the disk is full from the next results.csv on. */
  boolean diskFullAtTheEnd;

  /** What happens once, before the next summary is written. */
  Runnable meanwhile = () -> {};

  RecordedBatch(Path folder) throws Exception {
    scratch = new ScratchHome(folder);
    accepted = scratch.accept(FixedRules.BASE + "sweeps: {concurrency: [1, 2, 3]}\n");
    for (Path claimed : scratch.files.list(scratch.home.claimed())) {
      Files.delete(claimed);
    }
    DurableFiles files = new ObservedFiles();
    recorder =
        new Recorder(
            files,
            scratch.open,
            new ScratchHome(folder, files).runFolders(),
            listeners,
            BatchHooks.NONE);
    recorder.begin(accepted);
  }

  private final class ObservedFiles extends DurableFiles {
    @Override
    public void writeWhole(Path file, byte[] content) throws IOException {
      diskFull |= diskFullAtTheEnd && file.endsWith("results.csv");
      diskFullAtTheEnd &= !diskFull;
      if (diskFull) {
        throw new IOException("No space left on device");
      }
      if (file.endsWith("summary.json")) {
        Runnable once = meanwhile;
        meanwhile = () -> {};
        once.run();
      }
      written.add(file.getFileName().toString());
      super.writeWhole(file, content);
    }
  }

  Path folder() {
    return accepted.folder();
  }

  Run run(int index) {
    return accepted.run(index);
  }

  int size() {
    return accepted.size();
  }

  OpenResults follow() {
    return recorder.follow(accepted);
  }

  /** Writes the final result of a run and reports it. */
  void ended(int index, Outcome outcome, String cause) throws IOException {
    write(index, outcome, cause, true);
    report(index, Kind.ENDED);
  }

  /** Reports on a run, whatever its folder holds. */
  void report(int index, Kind kind) {
    RunOrder order = RunOrder.execute(run(index).id(), folder().toString(), index);
    recorder.record(RunReport.on(order, kind, "words"));
  }

  /** Writes the result of a run of which nobody is told. */
  void write(int index, Outcome outcome, String cause, boolean isFinal) throws IOException {
    RunFolder run = new RunFolder(Files.createDirectories(run(index).folder()));
    Head head =
        new Head(
            outcome,
            cause,
            List.of("why"),
            1,
            isFinal,
            Optional.empty(),
            START,
            START.plusSeconds(8),
            Duration.ofSeconds(8),
            "0.13.0");
    new ResultWriter(scratch.files::writeWhole)
        .write(run, ProcessResult.of(run, head, List.of(), List.of(), ReturnCodes.NONE));
  }

  BatchSummary summary() {
    return BatchSummary.read(folder().resolve("summary.json")).orElseThrow();
  }

  List<ResultRow> rows() {
    return ResultsCsv.read(folder().resolve("results.csv")).orElseThrow().rows();
  }
}
