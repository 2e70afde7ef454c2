package dev.caravan.cli;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.observe.report.BatchLogLines;
import dev.caravan.observe.report.ResultsTable;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.InboxSubmission;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.pipeline.outcome.ResultsCsv;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows submitted configs to their end, from the files of the home alone. */
final class BatchFollower {

  private static final Logger LOG = LoggerFactory.getLogger(BatchFollower.class);
  private static final long LOOK_MILLIS = 300;

  private final Home home;
  private final boolean table;
  private final List<Path> followed = new ArrayList<>();
  private final BatchStore batches = new BatchStore(new DurableFiles());

  /**
   * A follower.
   *
   * @param table whether to print the table of results at the end of a batch
   */
  BatchFollower(Home home, boolean table) {
    this.home = home;
    this.table = table;
  }

  /** Follows these names of the inbox, one after the other; the exit code is the worst one's. */
  int follow(List<InboxSubmission.Submitted> placed) throws IOException, InterruptedException {
    int worst = Exit.OK;
    for (InboxSubmission.Submitted each : placed) {
      Optional<Batch> batch = batch(each);
      worst = Math.max(worst, batch.isPresent() ? follow(batch.get()) : refused(each));
    }
    return worst;
  }

  private Optional<Batch> batch(InboxSubmission.Submitted placed)
      throws IOException, InterruptedException {
    LOG.info("Waiting for {} to be accepted", placed.name());
    while (!Files.exists(problems(placed))) {
      Optional<Batch> found = find(placed);
      if (found.isPresent()) {
        return found;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    return Optional.empty();
  }

  private Optional<Batch> find(InboxSubmission.Submitted placed) throws IOException {
    for (Path folder : new DurableFiles().list(placed.parent())) {
      if (Files.isRegularFile(folder.resolve(Batch.RECORD))
          && !folder.getFileName().toString().startsWith(".")) {
        Batch batch = batches.load(folder);
        if (batch.record().sourceFile().equals(placed.name())) {
          return Optional.of(batch);
        }
      }
    }
    return Optional.empty();
  }

  private int refused(InboxSubmission.Submitted placed) throws IOException {
    LOG.error("Refused:\n{}", Files.readString(problems(placed)).strip());
    return Exit.REFUSED;
  }

  private Path problems(InboxSubmission.Submitted placed) {
    return home.failed().resolve(placed.name() + ".problems.txt");
  }

  /** The folders of the batches that were followed. */
  List<Path> followed() {
    return List.copyOf(followed);
  }

  /** Follows a batch to its end; the exit code that `run` would give. */
  int follow(Batch batch) throws InterruptedException {
    followed.add(batch.folder());
    BatchSummary end;
    try (LiveProgress live = LiveProgress.of(batch)) {
      LOG.debug("Showing {}", live);
      end = awaitEnd(batch);
    }
    return closed(batch, end);
  }

  private BatchSummary awaitEnd(Batch batch) throws InterruptedException {
    new BatchLogLines(batch, home.shown(batch.folder())).opening().forEach(LOG::info);
    List<Integer> open = new ArrayList<>();
    for (int index = 0; index < batch.size(); index++) {
      open.add(index);
    }
    Optional<BatchSummary> summary = Optional.empty();
    while (summary.isEmpty()) {
      open.removeIf(index -> sayIfEnded(batch, index));
      summary = summary(batch).filter(s -> s.finishedAt().isPresent());
      if (summary.isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    }
    open.removeIf(index -> sayIfEnded(batch, index));
    return summary.get();
  }

  private boolean sayIfEnded(Batch batch, int index) {
    Path folder = batch.run(index).folder();
    Optional<Head> head =
        ProcessResult.head(new RunFolder(folder).processResult()).filter(Head::isFinal);
    head.ifPresent(
        h -> say(index, batch.size(), h.status().word(), h.reasons().stream().findFirst()));
    return head.isPresent();
  }

  /** The line on a run that ended. */
  static void say(int index, int total, String outcome, Optional<String> reason) {
    LOG.info("Run {}/{} {}{}", index + 1, total, outcome, reason.map(r -> ": " + r).orElse(""));
  }

  private int closed(Batch batch, BatchSummary summary) {
    return closed(batch.folder(), summary, table);
  }

  /** Says how a batch ended whose files lie in this folder; the exit code that `run` would give. */
  static int closed(Path folder, BatchSummary summary, boolean table) {
    BatchLogLines.closing(summary).forEach(LOG::info);
    if (table) {
      print(folder);
    }
    return BatchLogLines.isFailure(summary, Outcome.FAILED) ? Exit.FAILED : Exit.OK;
  }

  private static void print(Path folder) {
    ResultsCsv.read(folder.resolve(ResultWriter.RESULTS))
        .ifPresent(
            sheet ->
                Console.print(
                    new ResultsTable(sheet.sweepKeys(), Console.width(), false, attempts(folder)),
                    sheet.rows()));
  }

  private static int attempts(Path folder) {
    try {
      return new BatchStore(new DurableFiles()).load(folder).config().retry().attempts();
    } catch (IOException e) {
      return 1; // Its config cannot be read any more; the rows can.
    }
  }

  private static Optional<BatchSummary> summary(Batch batch) {
    return BatchSummary.read(batch.folder().resolve(ResultWriter.SUMMARY));
  }
}
