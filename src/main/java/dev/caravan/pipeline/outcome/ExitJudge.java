package dev.caravan.pipeline.outcome;

import dev.caravan.model.Cause;
import dev.caravan.pipeline.process.ProcessExit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Judges an attempt whose process came to an end by itself. */
final class ExitJudge {

  private static final Map<Integer, String> SIGNALS =
      Map.of(
          2, "SIGINT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11,
          "SIGSEGV", 15, "SIGTERM");

  private static final Map<RequestError.Kind, Cause> CAUSES =
      Map.of(
          RequestError.Kind.UNAUTHORIZED, Cause.UNAUTHORIZED,
          RequestError.Kind.MODEL, Cause.MODEL_NOT_SERVED,
          RequestError.Kind.ENDPOINT, Cause.ENDPOINT_NOT_FOUND);

  private final RunArtifacts runArtifacts;
  private final int exit;
  private final BooleanSupplier targetReadyNow;

  ExitJudge(RunArtifacts runArtifacts, ProcessExit ended, BooleanSupplier targetReadyNow) {
    this.runArtifacts = runArtifacts;
    this.exit = ended.returnCode();
    this.targetReadyNow = targetReadyNow;
  }

  Verdict verdict() {
    if (exit < 0) {
      return killed();
    }
    return runArtifacts.summary().map(this::measured).orElseGet(this::unmeasured);
  }

  private Verdict killed() {
    int signal = -exit;
    String name = SIGNALS.containsKey(signal) ? " (" + SIGNALS.get(signal) + ")" : "";
    String hint = signal == 9 ? "; if nobody did, see whether the kernel ran out of memory" : "";
    return Verdicts.failed(
        Cause.CRASHED,
        Verdicts.reasons(
            "aiperf was killed by signal " + signal + name + hint,
            runArtifacts.progress(),
            runArtifacts.lastLine()));
  }

  private Verdict measured(AiperfExport summary) {
    Optional<String> lost = summary.failedRequests() > 0 ? lost() : Optional.empty();
    if (lost.isPresent()) {
      return targetLost(lost.get());
    }
    if (exit != 0) {
      return incomplete("though it wrote a summary");
    }
    boolean whole = summary.isComplete() && !summary.wasCancelled();
    String cutShort = "cut short: the summary holds what was measured until then";
    return whole && summary.failedRequests() == 0
        ? Verdicts.succeeded()
        : Verdicts.degraded(
            Verdicts.reasons(
                runArtifacts.failures(),
                Verdicts.reasons(whole ? "" : cutShort, runArtifacts.messages())));
  }

  private Verdict unmeasured() {
    if (runArtifacts.failed() == 0) {
      return runArtifacts.succeeded() == 0 ? unasked() : unfinished();
    }
    if (runArtifacts.succeeded() == 0) {
      return allFailed();
    }
    return lost().map(this::targetLost).orElseGet(this::unfinished);
  }

  private Verdict allFailed() {
    for (Map.Entry<RequestError.Kind, Cause> cause : CAUSES.entrySet()) {
      if (runArtifacts.errors().all(cause.getKey())) {
        return requestsFailed(cause.getValue(), "");
      }
    }
    return lost()
        .map(this::targetLost)
        .orElseGet(() -> requestsFailed(Cause.ALL_REQUESTS_FAILED, ""));
  }

  private Verdict targetLost(String how) {
    return requestsFailed(Cause.TARGET_LOST, how);
  }

  private Verdict requestsFailed(Cause cause, String more) {
    return Verdicts.failed(
        cause,
        Verdicts.reasons(
            exited(runArtifacts.failures()), Verdicts.reasons(more, runArtifacts.messages())));
  }

  /** How the target was lost, if it was. */
  private Optional<String> lost() {
    RequestErrors errors = runArtifacts.errors();
    if (2 * errors.total(RequestError.Kind.CONNECTION) > errors.total()) {
      return Optional.of("the target was lost: most of these are failed connections");
    }
    return targetReadyNow.getAsBoolean()
        ? Optional.empty()
        : Optional.of("the target was lost: it was not ready right after the run");
  }

  /** Some requests were answered, but no summary came of them, or not all of it. */
  private Verdict unfinished() {
    if (runArtifacts.complaint().traceback()) {
      return crashed(runArtifacts.complaint().lastException().orElse("it ended with a traceback"));
    }
    return incomplete("and " + runArtifacts.noSummary());
  }

  private Verdict incomplete(String what) {
    AiperfErrorText complaint = runArtifacts.complaint();
    String message = complaint.degraded().or(complaint::message).orElse("");
    String headline =
        "aiperf exited " + exit + " " + what + (message.isEmpty() ? "" : ": " + message);
    return Verdicts.failed(
        Cause.INCOMPLETE_EXPORT, Verdicts.reasons(headline, runArtifacts.progress()));
  }

  /** Not one request is on record. */
  private Verdict unasked() {
    AiperfErrorText complaint = runArtifacts.complaint();
    Optional<String> tokenizer = complaint.tokenizer();
    if (tokenizer.isPresent()) {
      return Verdicts.failed(Cause.TOKENIZER_UNAVAILABLE, List.of(exited(tokenizer.get())));
    }
    if (exit != 0 && complaint.refused() && !runArtifacts.hasArtifacts()) {
      return Verdicts.failed(
          Cause.REJECTED_CONFIG, List.of(exited(complaint.message().orElse("no words"))));
    }
    if (complaint.sentButUnanswered().isPresent()) {
      return unanswered(complaint.sentButUnanswered().get());
    }
    return exit == 0
        ? incomplete("but " + runArtifacts.noSummary())
        : crashed(complaint.message().orElse("it said nothing"));
  }

  private Verdict unanswered(long sent) {
    String message =
        exited("none of " + OneLine.count(sent) + " requests was answered before the phase ended");
    return targetReadyNow.getAsBoolean()
        ? Verdicts.failed(Cause.ALL_REQUESTS_FAILED, List.of(message))
        : Verdicts.failed(
            Cause.TARGET_LOST,
            List.of(message, "the target was lost: it was not ready right after the run"));
  }

  private Verdict crashed(String message) {
    return Verdicts.failed(
        Cause.CRASHED, Verdicts.reasons(exited(message), runArtifacts.progress()));
  }

  private String exited(String message) {
    return "aiperf exited " + exit + ": " + message;
  }
}
