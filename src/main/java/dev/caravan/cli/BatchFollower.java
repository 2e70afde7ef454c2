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
import dev.caravan.pipeline.outcome.ResultsCsv;
import dev.caravan.storage.BatchFolder;
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

/** Follows submitted configs until their batches finish, using only the files of the home. */
final class BatchFollower {

  private static final Logger LOG = LoggerFactory.getLogger(BatchFollower.class);
  private static final long POLL_MILLIS = 300;

  private final Home home;
  private final boolean printTable;
  private final List<Path> followed = new ArrayList<>();
  private final BatchStore batches = new BatchStore(new DurableFiles());

  /**
   * Follows batches of this home.
   *
   * @param printTable whether to print the table of results when a batch finishes
   */
  BatchFollower(Home home, boolean printTable) {
    this.home = home;
    this.printTable = printTable;
  }

  /** Follows these submissions one after the other; returns the highest of their exit codes. */
  int follow(List<InboxSubmission.Submitted> submitted) throws IOException, InterruptedException {
    int worst = Exit.OK;
    for (InboxSubmission.Submitted submission : submitted) {
      Optional<Batch> batch = awaitBatch(submission);
      int exit = batch.isPresent() ? follow(batch.get()) : logRefusal(submission);
      worst = Math.max(worst, exit);
    }
    return worst;
  }

  /** Waits until the daemon accepts the config; empty when it refuses it. */
  private Optional<Batch> awaitBatch(InboxSubmission.Submitted submitted)
      throws IOException, InterruptedException {
    LOG.info("Waiting for {} to be accepted", submitted.name());
    while (!Files.exists(problems(submitted))) {
      Optional<Batch> found = find(submitted);
      if (found.isPresent()) {
        return found;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    return Optional.empty();
  }

  private Optional<Batch> find(InboxSubmission.Submitted submitted) throws IOException {
    for (Path folder : new DurableFiles().list(submitted.parent())) {
      if (Files.isRegularFile(folder.resolve(BatchFolder.RECORD))
          && !folder.getFileName().toString().startsWith(".")) {
        Batch batch = batches.load(folder);
        if (batch.record().sourceFile().equals(submitted.name())) {
          return Optional.of(batch);
        }
      }
    }
    return Optional.empty();
  }

  private int logRefusal(InboxSubmission.Submitted submitted) throws IOException {
    LOG.error("Refused:\n{}", Files.readString(problems(submitted)).strip());
    return Exit.REFUSED;
  }

  private Path problems(InboxSubmission.Submitted submitted) {
    return home.failed().resolve(submitted.name() + ".problems.txt");
  }

  /** The folders of the batches followed so far. */
  List<Path> followed() {
    return List.copyOf(followed);
  }

  /** Follows a batch until it finishes; returns the exit code that {@code run} would give. */
  int follow(Batch batch) throws InterruptedException {
    followed.add(batch.folder());
    BatchSummary summary;
    try (LiveProgress live = LiveProgress.of(batch)) {
      LOG.debug("Showing {}", live);
      summary = awaitFinish(batch);
    }
    return reportFinish(batch.folder(), summary, printTable);
  }

  private BatchSummary awaitFinish(Batch batch) throws InterruptedException {
    new BatchLogLines(batch, home.display(batch.folder())).opening().forEach(LOG::info);
    List<Integer> unfinished = new ArrayList<>();
    for (int index = 0; index < batch.size(); index++) {
      unfinished.add(index);
    }
    Optional<BatchSummary> summary = Optional.empty();
    while (summary.isEmpty()) {
      unfinished.removeIf(index -> logIfFinal(batch, index));
      summary = summary(batch).filter(s -> s.finishedAt().isPresent());
      if (summary.isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    }
    unfinished.removeIf(index -> logIfFinal(batch, index));
    return summary.get();
  }

  private boolean logIfFinal(Batch batch, int index) {
    Path folder = batch.run(index).folder();
    Optional<Head> head =
        ProcessResult.head(new RunFolder(folder).processResult()).filter(Head::isFinal);
    head.ifPresent(
        h -> logRun(index, batch.size(), h.status().value(), h.reasons().stream().findFirst()));
    return head.isPresent();
  }

  /** Logs the outcome of a run. */
  static void logRun(int index, int total, String outcome, Optional<String> reason) {
    LOG.info("Run {}/{} {}{}", index + 1, total, outcome, reason.map(r -> ": " + r).orElse(""));
  }

  /**
   * Logs the summary of a finished batch whose files are in this folder.
   *
   * @return the exit code that {@code run} would give
   */
  static int reportFinish(Path folder, BatchSummary summary, boolean printTable) {
    BatchLogLines.closing(summary).forEach(LOG::info);
    if (printTable) {
      printResults(folder);
    }
    return BatchLogLines.isFailure(summary, Outcome.FAILED) ? Exit.FAILED : Exit.OK;
  }

  private static void printResults(Path folder) {
    ResultsCsv.read(folder.resolve(BatchFolder.RESULTS))
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
      return 1; // The config is no longer readable; the rows still are.
    }
  }

  private static Optional<BatchSummary> summary(Batch batch) {
    return BatchSummary.read(batch.folder().resolve(BatchFolder.SUMMARY));
  }
}
