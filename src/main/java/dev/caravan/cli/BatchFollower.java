package dev.caravan.cli;

import dev.caravan.config.CompareRule;
import dev.caravan.model.Batch;
import dev.caravan.observe.report.BatchLogLines;
import dev.caravan.observe.report.BatchVerdict;
import dev.caravan.observe.report.FindingLines;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.FailOn;
import dev.caravan.pipeline.outcome.FoundCheck;
import dev.caravan.pipeline.outcome.ResultsCsv;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.FileFailures;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows batches until they finish; logs the outcomes of their runs and prints their results. */
final class BatchFollower {

  private static final Logger LOG = LoggerFactory.getLogger(BatchFollower.class);
  private static final long POLL_MILLIS = 300;

  /** A comparison of thousands of runs takes seconds. */
  private static final Duration MAX_COMPARISON = Duration.ofMinutes(2);

  /** A report is written right after the summary; one of thousands of runs takes seconds. */
  private static final Duration MAX_REPORT = Duration.ofSeconds(5);

  private final boolean printTable;
  private final FailOn failOn;
  private final List<Batch> followed = new ArrayList<>();

  /**
   * Follows batches.
   *
   * @param printTable whether to print the table of results when a batch finishes
   * @param failOn how bad a run must be for a batch to count as failed
   */
  BatchFollower(boolean printTable, FailOn failOn) {
    this.printTable = printTable;
    this.failOn = failOn;
  }

  /** Follows these submissions one after the other; returns the worst of their exit codes. */
  int follow(List<HomeClient.Submission> submissions) throws IOException, InterruptedException {
    int worst = Exit.OK;
    for (HomeClient.Submission submission : submissions) {
      Optional<FollowedBatch> batch = submission.batch();
      worst = Exit.worse(worst, batch.isPresent() ? followIfItLasts(batch.get()) : Exit.REFUSED);
    }
    return worst;
  }

  /** A batch that cannot be followed to its end, such as one that was deleted, ends no other. */
  private int followIfItLasts(FollowedBatch batch) throws InterruptedException {
    try {
      return follow(batch);
    } catch (IOException e) {
      LOG.error("Counted as failed: {}", FileFailures.message(e));
      followed.remove(batch.batch());
      return Exit.FAILED;
    }
  }

  /** The batches followed to their end so far. */
  List<Batch> followed() {
    return List.copyOf(followed);
  }

  /** Follows a batch until it finishes; returns the exit code that {@code run} would give. */
  int follow(FollowedBatch given) throws IOException, InterruptedException {
    try (FollowedBatch batch = given) {
      followed.add(batch.batch());
      BatchLogLines lines = new BatchLogLines(batch.batch(), batch.shownFolder());
      lines.opening().forEach(LOG::info);
      Map<Integer, List<FoundCheck>> found = new HashMap<>();
      BatchSummary summary;
      try (LiveProgress live = LiveProgress.of(batch.progress())) {
        LOG.debug("Showing {}", live);
        summary = awaitFinish(batch, found);
      }
      BatchLogLines.closing(summary).forEach(LOG::info);
      logReport(batch);
      if (printTable) {
        printResults(batch.batch(), summary.searchLines(), found);
      }
      int compared = compared(batch);
      return failOn.isFailure(summary) ? Exit.FAILED : compared;
    }
  }

  /** Logs where the report is; it is written after the summary that ends the batch. */
  private static void logReport(FollowedBatch batch) throws IOException, InterruptedException {
    long start = System.nanoTime();
    boolean isClosing = batch.isClosing(); // first: the report is there before it closes
    Optional<String> report = batch.report();
    while (report.isEmpty() && isClosing && System.nanoTime() - start < MAX_REPORT.toNanos()) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      isClosing = batch.isClosing();
      report = batch.report();
    }
    report.ifPresent(LOG::info);
  }

  /** Prints the verdict on a batch that is compared when it ends; returns its exit code. */
  private static int compared(FollowedBatch batch) throws IOException, InterruptedException {
    Optional<CompareRule> rule = batch.batch().config().evaluation().compare();
    if (rule.isEmpty()) {
      return Exit.OK;
    }
    Optional<BatchVerdict> verdict = batch.verdict();
    long start = System.nanoTime();
    while (verdict.isEmpty() && System.nanoTime() - start < MAX_COMPARISON.toNanos()) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      verdict = batch.verdict();
    }
    Console.sentence(
        verdict
            .map(BatchVerdict::sentence)
            .orElse("The batch is not compared yet; see the log of the daemon"));
    return verdict
        .map(each -> Exit.of(each.verdict(), rule.get().failsOnInconclusive()))
        .orElse(Exit.REFUSED);
  }

  /** Logs how runs end, and keeps in {@code found} what the checks found in them. */
  private static BatchSummary awaitFinish(
      FollowedBatch followed, Map<Integer, List<FoundCheck>> found)
      throws IOException, InterruptedException {
    WaitingLines waiting = new WaitingLines();
    FollowedBatch.RunEnds log =
        (index, outcome, reason, checks) -> {
          waiting.over();
          String run = "Run " + followed.batch().run(index).position();
          LOG.info("{} {}{}", run, outcome, reason.map(r -> ": " + r).orElse(""));
          checks.stream()
              .filter(check -> check.level() != Level.NOTE)
              .filter(check -> !check.isReason(reason.orElse("")))
              .forEach(check -> LOG.warn("{} {}", run, FindingLines.text(check)));
          found.put(index, checks);
        };
    Optional<BatchSummary> summary = followed.poll(log);
    while (summary.isEmpty()) {
      waiting.poll(followed::waiting);
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      summary = followed.poll(log);
    }
    return summary.get();
  }

  private static void printResults(
      Batch batch, List<String> answers, Map<Integer, List<FoundCheck>> found) {
    ResultsCsv.read(batch.folder().resolve(BatchFolder.RESULTS))
        .ifPresent(
            sheet ->
                Console.printResults(
                    batch,
                    sheet.sweepKeys(),
                    sheet.rows().stream()
                        .map(
                            row -> row.withChecks(found.getOrDefault(row.runIndex(), row.checks())))
                        .toList(),
                    answers));
  }
}
