package dev.caravan.pipeline.outcome.checks;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Canned replies: a filter, a refusal or an error page in place of the model. */
final class Replies implements Check {

  private static final int FEWEST_REQUESTS = 10;
  private static final double SHORT = 0.9;
  private static final double VERY_SHORT = 0.25;

  @Override
  public Description description() {
    return new Description(
        "replies",
        "replies of the most common length, % of all, if it is below the requested one",
        Thresholds.atLeast(Level.WARNING, 50).and(Level.INVALID, 90),
        "at least half of the replies have the same length, below 0.9 times the requested one"
            + " (warning); at least 90 % do, below a quarter of it, on synthetic prompts"
            + " (invalid). Only a note with extra_inputs that set a format or a stop condition of"
            + " the replies",
        "A model's replies to different prompts differ in length or reach the limit. Equal short"
            + " replies come from a filter or a template, which is not what you want to measure."
            + " With two replicas that take turns, one that blocks gives exactly half of them.",
        "checks: {replies: warning} # if the blocked path is what you measure");
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    OptionalDouble requested = evidence.requestedTokens();
    Optional<Requests> requests = evidence.requests();
    if (requested.isEmpty()) {
      return Examination.unchecked("prompt_output_tokens_mean is not set");
    }
    if (requests.isEmpty() || requests.get().count() < FEWEST_REQUESTS) {
      return Examination.unchecked("fewer than " + FEWEST_REQUESTS + " replies in the request log");
    }
    Optional<Map.Entry<Integer, Long>> commonest =
        requests.get().lengths().counts().entrySet().stream()
            .max(Comparator.comparing(Map.Entry::getValue));
    return commonest.isEmpty()
        ? Examination.unchecked("aiperf counted no output tokens")
        : examine(evidence, thresholds, commonest.get(), requested.getAsDouble());
  }

  private Examination examine(
      Evidence evidence,
      Thresholds thresholds,
      Map.Entry<Integer, Long> commonest,
      double requested) {
    if (commonest.getKey() >= SHORT * requested) {
      return Examination.SILENT;
    }
    long all = evidence.requests().orElseThrow().count();
    String message =
        "%s of %s replies have %s tokens, but %s were requested: they look canned"
            .formatted(
                Figures.count(commonest.getValue()),
                Figures.count(all),
                Figures.count(commonest.getKey()),
                Figures.number(requested));
    double share = 100.0 * commonest.getValue() / all;
    Examination result = compare(share, thresholds, message, description().advice());
    if (evidence.workload().setsReplyForm()) {
      return result.atMost(Level.NOTE);
    }
    boolean isBlocked =
        commonest.getKey() < VERY_SHORT * requested && evidence.workload().isSynthetic();
    return isBlocked ? result : result.atMost(Level.WARNING);
  }
}
