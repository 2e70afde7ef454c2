package dev.caravan.pipeline.outcome;

import dev.caravan.model.Outcome;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.storage.RunFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Decides the outcome of an attempt from its files rather than from its exit code: aiperf exits 0
 * when half of the requests failed, and may exit 1 with a complete summary. The evidence is, in
 * this order, aiperf's summary, its request log, and the ends of its output and its log. All are
 * read in bounded memory.
 */
public final class Judge {

  private final UnaryOperator<String> mask;

  /** A judge that does not mask its reasons. */
  public Judge() {
    this(UnaryOperator.identity());
  }

  /**
   * A judge that passes every reason through {@code mask}: a target may echo the API key in an
   * error, and a key must never be written anywhere.
   */
  public Judge(UnaryOperator<String> mask) {
    this.mask = mask;
  }

  /**
   * Judges one attempt.
   *
   * @param runFolder the folder with aiperf's files, {@code stdout.log} and {@code stderr.log}
   * @param exit how the process ended
   * @param targetReadyNow probes the target; called at most once, and only when requests failed or
   *     were cut off
   */
  public Judgment judge(Path runFolder, ProcessExit exit, BooleanSupplier targetReadyNow) {
    Judgment judgment =
        switch (exit.how()) {
          case NOT_STARTED -> Judgment.notStarted(exit.message());
          case STOPPED -> stopped(exit);
          case TIMED_OUT -> timedOut(new RunArtifacts(new RunFolder(runFolder)), exit);
          case EXITED -> exited(new RunArtifacts(new RunFolder(runFolder)), exit, targetReadyNow);
        };
    return new Judgment(
        judgment.outcome(), judgment.cause(), judgment.reasons().stream().map(mask).toList());
  }

  /** Adds what aiperf could not send to other services, whatever the outcome. */
  private static Judgment exited(
      RunArtifacts artifacts, ProcessExit exit, BooleanSupplier targetReadyNow) {
    Judgment judgment = new ExitJudge(artifacts, exit, targetReadyNow).judgment();
    AiperfErrorText text = artifacts.errorText();
    List<String> reasons =
        Stream.of(judgment.reasons(), text.unsent(), text.missingExtras().stream().toList())
            .flatMap(List::stream)
            .toList();
    return new Judgment(judgment.outcome(), judgment.cause(), reasons);
  }

  private static Judgment stopped(ProcessExit exit) {
    String stopped = "stopped after " + OneLine.duration(exit.duration());
    String message = exit.message().isBlank() ? stopped : stopped + ": " + exit.message();
    return new Judgment(Outcome.CANCELLED, "", List.of(message));
  }

  private static Judgment timedOut(RunArtifacts runArtifacts, ProcessExit exit) {
    String limit =
        exit.message().isBlank()
            ? "aiperf was still running after "
                + OneLine.duration(exit.duration())
                + ", its limit; its processes were terminated"
            : exit.message();
    return new Judgment(
        Outcome.TIMED_OUT,
        "",
        Judgments.reasons(
            limit,
            runArtifacts.errorText().deadService().orElse(""),
            runArtifacts.progress(),
            runArtifacts.lastLine()));
  }
}
