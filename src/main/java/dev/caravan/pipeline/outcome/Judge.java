package dev.caravan.pipeline.outcome;

import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.storage.RunFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * Says how an attempt ended, by what it left rather than by its exit code: aiperf exits 0 when half
 * of the requests failed, and 1 over a whole summary. The order of evidence is aiperf's summary,
 * its line for each request, and the ends of its output and its log, all read in bounded memory.
 */
public final class Judge {

  private final UnaryOperator<String> mask;

  /** A judge whose words are left as they are. */
  public Judge() {
    this(UnaryOperator.identity());
  }

  /**
   * A judge that passes every word through {@code mask} before it leaves: a target may echo the key
   * in its error, and a key is never written anywhere.
   */
  public Judge(UnaryOperator<String> mask) {
    this.mask = mask;
  }

  /**
   * Judges one attempt.
   *
   * @param runFolder where aiperf wrote, with its output in {@code stdout.log} and {@code
   *     stderr.log}
   * @param targetReadyNow asked at most once, and only when requests failed: whether the target is
   *     ready right after
   */
  public Verdict judge(Path runFolder, ProcessExit ended, BooleanSupplier targetReadyNow) {
    Verdict verdict =
        switch (ended.how()) {
          case NOT_STARTED ->
              Verdicts.failed(
                  Cause.START_FAILED, List.of("aiperf could not be started: " + ended.message()));
          case STOPPED -> stopped(ended);
          case TIMED_OUT -> timedOut(new RunArtifacts(new RunFolder(runFolder)), ended);
          case EXITED ->
              new ExitJudge(new RunArtifacts(new RunFolder(runFolder)), ended, targetReadyNow)
                  .verdict();
        };
    return new Verdict(
        verdict.outcome(), verdict.cause(), verdict.reasons().stream().map(mask).toList());
  }

  private static Verdict stopped(ProcessExit ended) {
    String after = "stopped after " + OneLine.duration(ended.duration());
    String message = ended.message().isBlank() ? after : after + ": " + ended.message();
    return new Verdict(Outcome.CANCELLED, "", List.of(message));
  }

  private static Verdict timedOut(RunArtifacts runArtifacts, ProcessExit ended) {
    String limit =
        ended.message().isBlank()
            ? "aiperf had not ended after "
                + OneLine.duration(ended.duration())
                + ", its limit; its processes were ended"
            : ended.message();
    return new Verdict(
        Outcome.TIMED_OUT,
        "",
        Verdicts.reasons(limit, runArtifacts.progress(), runArtifacts.lastLine()));
  }
}
