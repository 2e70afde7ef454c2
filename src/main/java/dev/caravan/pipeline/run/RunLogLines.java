package dev.caravan.pipeline.run;

import dev.caravan.config.Parameters;
import dev.caravan.config.text.Durations;
import dev.caravan.config.text.PythonText;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the lines of a run, as {@code run_aiperf.py} words them; the line of a failed run ends with
 * the cause and the folder to look at.
 */
final class RunLogLines {

  private static final Logger LOG = LoggerFactory.getLogger(RunLogLines.class);

  private final boolean prefixed;
  private final boolean onWorker;

  /**
   * The lines of the runs of one process.
   *
   * @param prefixed whether they name the batch
   * @param onWorker whether this is a worker, which sends the folders of its runs to a hub and then
   *     deletes them
   */
  RunLogLines(boolean prefixed, boolean onWorker) {
    this.prefixed = prefixed;
    this.onWorker = onWorker;
  }

  /** Logs that an attempt is about to start. */
  void started(Attempt attempt) {
    Run run = attempt.task().run();
    String prefix = prefix(run);
    if (run.folderName().isEmpty()) {
      LOG.info("{}Single Run", prefix);
    } else {
      LOG.info("{}Run {}", prefix, run.position());
      LOG.info(
          "{}Sweep parameters: {}", prefix, PythonText.repr(Parameters.shown(run.sweepValues())));
    }
    String comparison =
        run.comparison().entrySet().stream()
            .map(each -> each.getKey() + ": " + each.getValue())
            .collect(Collectors.joining(", "));
    if (!comparison.isEmpty()) {
      LOG.info(
          "{}{}",
          prefix,
          comparison.substring(0, 1).toUpperCase(Locale.ROOT) + comparison.substring(1));
    }
    if (attempt.number() > 1) {
      LOG.info("{}This is attempt {}", prefix, attempt.number());
    }
    LOG.debug("{}Base parameters: {}", prefix, PythonText.repr(run.base().shown().values()));
    LOG.debug(
        "{}Merged parameters: {}",
        prefix,
        PythonText.repr(run.sent(attempt.number()).shown().values()));
    LOG.debug("{}Output directory: {}", prefix, run.folder());
    LOG.debug("{}Command: {}", prefix, String.join(" ", attempt.executed()));
  }

  /** Logs a warning about a run that has not started. */
  void warned(Run run, String message) {
    LOG.warn("{}{}", prefix(run), message);
  }

  /** Logs that an attempt ended; {@code retry} is the delay before the next one. */
  void ended(Run run, ProcessResult result, Optional<Duration> retry) {
    Head head = result.head();
    String name = run.folderName().isEmpty() ? "Run" : "Run " + run.title();
    String reason = String.join("; ", head.reasons());
    switch (head.status().counts()) {
      case COMPLETED -> completed(prefix(run) + name, head, reason);
      case FAILED -> failed(run, prefix(run) + name, result, reason + next(retry));
      case NEITHER -> LOG.warn("{}{} {}: {}", prefix(run), name, head.status().value(), reason);
    }
    logFindings(prefix(run) + name, head.checks().findings());
  }

  /**
   * A line for each finding that changes how to read the numbers, and one for all others in the log
   * of {@code --verbose}.
   */
  private static void logFindings(String name, List<Finding> findings) {
    for (Finding finding : findings) {
      if (finding.level() != Level.NOTE) {
        String mark = finding.level() == Level.INVALID ? "x" : "!";
        String advice = finding.advice().isEmpty() ? "" : "; advice: " + finding.advice();
        LOG.warn("{} {} {}: {}{}", name, mark, finding.id(), finding.message(), advice);
      }
    }
    String notes =
        findings.stream()
            .filter(finding -> finding.level() == Level.NOTE)
            .map(finding -> finding.id() + ": " + finding.message())
            .collect(Collectors.joining("; "));
    if (!notes.isEmpty()) {
      LOG.debug("{} notes: {}", name, notes);
    }
  }

  private static String next(Optional<Duration> retry) {
    return retry
        .map(delay -> (delay.isZero() ? "; retrying" : "; retrying in " + Durations.format(delay)))
        .orElse("");
  }

  private static void completed(String name, Head head, String reason) {
    switch (head.status()) {
      case SUCCEEDED -> {
        LOG.info("{} completed successfully", name);
        if (!reason.isEmpty()) {
          LOG.warn("{}: {}", name, reason);
        }
      }
      default -> LOG.warn("{} completed, but {}: {}", name, head.status().value(), reason);
    }
  }

  private void failed(Run run, String name, ProcessResult result, String reason) {
    Head head = result.head();
    String sweep =
        run.folderName().isEmpty()
            ? ""
            : " with sweep params " + PythonText.repr(Parameters.shown(run.sweepValues()));
    String code =
        result.returnCodes().recorded().isPresent()
            ? "failed with exit code " + result.returnCodes().recorded().getAsInt()
            : "failed";
    String kind = head.cause().isEmpty() ? head.status().value() : head.cause();
    LOG.error("{}{} {}: {}: {}; see {}", name, sweep, code, kind, reason, place(run));
  }

  /** Where to look at a run that has ended. */
  private String place(Run run) {
    return onWorker ? run.id() + " on the hub" : run.folder().toString();
  }

  private String prefix(Run run) {
    return prefixed ? "[" + run.batch().id() + "] " : "";
  }
}
