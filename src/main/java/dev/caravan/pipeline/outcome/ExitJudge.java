package dev.caravan.pipeline.outcome;

import dev.caravan.model.Cause;
import dev.caravan.pipeline.process.ProcessExit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Judges an attempt whose process exited by itself, or was killed by someone else. */
final class ExitJudge {

  private static final Map<Integer, String> SIGNALS =
      Map.of(
          2, "SIGINT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11,
          "SIGSEGV", 15, "SIGTERM");

  private static final String NOT_READY =
      "the target was lost: it was not ready right after the run";

  private static final Map<RequestError.Kind, Cause> CAUSES =
      Map.of(
          RequestError.Kind.UNAUTHORIZED, Cause.UNAUTHORIZED,
          RequestError.Kind.UNKNOWN_MODEL, Cause.MODEL_NOT_SERVED,
          RequestError.Kind.UNKNOWN_ENDPOINT, Cause.ENDPOINT_NOT_FOUND);

  private final RunArtifacts runArtifacts;
  private final int exitCode;
  private final BooleanSupplier targetReadyNow;

  ExitJudge(RunArtifacts runArtifacts, ProcessExit exit, BooleanSupplier targetReadyNow) {
    this.runArtifacts = runArtifacts;
    this.exitCode = exit.returnCode();
    this.targetReadyNow = targetReadyNow;
  }

  Judgment judgment() {
    if (exitCode < 0) {
      return killedBySignal();
    }
    return runArtifacts.summary().map(this::withSummary).orElseGet(this::withoutSummary);
  }

  private Judgment killedBySignal() {
    int signal = -exitCode;
    String name = SIGNALS.containsKey(signal) ? " (" + SIGNALS.get(signal) + ")" : "";
    String hint =
        signal == 9 ? "; if nobody sent it, check the kernel log for an out-of-memory kill" : "";
    return Judgments.failed(
        Cause.CRASHED,
        Judgments.reasons(
            "aiperf was killed by signal " + signal + name + hint,
            runArtifacts.progress(),
            runArtifacts.lastLine()));
  }

  private Judgment withSummary(AiperfExport summary) {
    boolean allEndedWell =
        summary.failedRequests() == 0 && runArtifacts.measuredPhase().cancelled() == 0;
    Optional<String> loss = allEndedWell ? Optional.empty() : targetLoss();
    if (loss.isPresent()) {
      return targetLost(loss.get());
    }
    if (exitCode != 0) {
      return incomplete("though it wrote a summary");
    }
    boolean complete = summary.isComplete() && !summary.wasCancelled();
    if (complete && allEndedWell) {
      return Judgments.succeeded(runArtifacts.details());
    }
    String cutShort = "cut short: the summary covers only the time until then";
    return Judgments.degraded(
        Judgments.reasons(
            runArtifacts.failures(),
            Judgments.reasons(complete ? "" : cutShort, runArtifacts.details())));
  }

  private Judgment withoutSummary() {
    boolean allFailed = runArtifacts.succeeded() == 0 && runArtifacts.failed() > 0;
    if (allFailed) {
      return allFailed();
    }
    if (runArtifacts.isUnanswered()) {
      return unanswered(runArtifacts.measuredPhase().sent());
    }
    if (runArtifacts.failed() == 0) {
      return runArtifacts.succeeded() == 0 ? noRequests() : incompleteRun();
    }
    return targetLoss().map(this::targetLost).orElseGet(this::incompleteRun);
  }

  private Judgment allFailed() {
    for (Map.Entry<RequestError.Kind, Cause> cause : CAUSES.entrySet()) {
      if (runArtifacts.errors().all(cause.getKey())) {
        return requestsFailed(cause.getValue(), "");
      }
    }
    return targetLoss()
        .map(this::targetLost)
        .orElseGet(() -> requestsFailed(Cause.ALL_REQUESTS_FAILED, ""));
  }

  private Judgment targetLost(String reason) {
    return requestsFailed(Cause.TARGET_LOST, reason);
  }

  private Judgment requestsFailed(Cause cause, String reason) {
    List<String> details = runArtifacts.details();
    return Judgments.failed(
        cause,
        runArtifacts.failed() == 0
            ? Judgments.reasons(exitMessage(reason), details)
            : Judgments.reasons(
                exitMessage(runArtifacts.failures()), Judgments.reasons(reason, details)));
  }

  /**
   * Why the target counts as lost; empty when it does not. A target that is ready is lost only if
   * most of all requests could not reach it: servers may close idle connections, and a repetition
   * would not change that. Probes it once.
   */
  private Optional<String> targetLoss() {
    if (!targetReadyNow.getAsBoolean()) {
      return Optional.of(NOT_READY);
    }
    long unconnected = runArtifacts.errors().total(RequestError.Kind.CONNECTION);
    return 2 * unconnected > runArtifacts.total()
        ? Optional.of("the target was lost: most of all requests are failed connections")
        : Optional.empty();
  }

  /** Some requests succeeded, but there is no usable summary. */
  private Judgment incompleteRun() {
    if (runArtifacts.errorText().hasTraceback()) {
      return crashed(runArtifacts.errorText().lastException().orElse("Python traceback on stderr"));
    }
    return incomplete("and " + runArtifacts.missingSummary());
  }

  private Judgment incomplete(String what) {
    AiperfErrorText errorText = runArtifacts.errorText();
    String message = errorText.degradedMarker().or(errorText::message).orElse("");
    String headline =
        "aiperf exited " + exitCode + " " + what + (message.isEmpty() ? "" : ": " + message);
    return Judgments.failed(
        Cause.INCOMPLETE_EXPORT, Judgments.reasons(headline, runArtifacts.progress()));
  }

  /** No request was recorded, neither a successful nor a failed one. */
  private Judgment noRequests() {
    AiperfErrorText errorText = runArtifacts.errorText();
    Optional<String> tokenizer = errorText.tokenizerError();
    if (tokenizer.isPresent()) {
      String reason = TokenizerWords.withWayOut(tokenizer.get());
      return Judgments.failed(Cause.TOKENIZER_UNAVAILABLE, List.of(exitMessage(reason)));
    }
    if (exitCode != 0 && errorText.argumentsRefused() && !runArtifacts.hasArtifacts()) {
      return Judgments.failed(
          Cause.REJECTED_CONFIG,
          List.of(exitMessage(errorText.message().orElse("arguments refused"))));
    }
    Optional<String> dataset = errorText.datasetError();
    if (dataset.isPresent()) {
      return Judgments.failed(Cause.REJECTED_DATASET, List.of(exitMessage(dataset.get())));
    }
    return exitCode == 0
        ? incomplete("but " + runArtifacts.missingSummary())
        : crashed(errorText.message().orElse("no error message"));
  }

  private Judgment unanswered(long sent) {
    String message =
        exitMessage(
            "none of " + OneLine.count(sent) + " requests got a response before the phase ended");
    return targetReadyNow.getAsBoolean()
        ? Judgments.failed(Cause.ALL_REQUESTS_FAILED, List.of(message))
        : Judgments.failed(Cause.TARGET_LOST, List.of(message, NOT_READY));
  }

  private Judgment crashed(String message) {
    return Judgments.failed(
        Cause.CRASHED, Judgments.reasons(exitMessage(message), runArtifacts.progress()));
  }

  private String exitMessage(String message) {
    return "aiperf exited " + exitCode + ": " + message;
  }
}
