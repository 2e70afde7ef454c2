package dev.caravan.pipeline.outcome.checks;

import java.util.OptionalDouble;

/** Replies of another length than requested. */
final class Lengths implements Check {

  private static final double SHORTEST = 0.5;
  private static final double LONGEST = 2;

  @Override
  public Description description() {
    return new Description(
        "lengths",
        "replies of another length than requested, % of all",
        Thresholds.above(Level.WARNING, 5),
        "more than 5 % of the replies differ in length from what was requested by more than 5 %"
            + " (or 50 tokens), or the mean length is outside 0.5 to 2 times the requested one; a note"
            + " with extra_inputs that set a form or an end of the replies",
        "Latency and throughput depend on the length, and so belong to another workload than the"
            + " one in the config. Streams that break off without an error show up only here.",
        "aiperf_options: {extra_inputs: {ignore_eos: true, min_tokens: N}}");
  }

  private String advice(double ratio, double requested) {
    return ratio < 1
        ? description().advice().replace("N", String.valueOf(Math.round(requested)))
        : "use_legacy_max_tokens: true # for a service that does not know max_completion_tokens";
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    OptionalDouble requested = evidence.workload().requestedTokens();
    OptionalDouble mismatches = evidence.mean("osl_mismatch_count");
    OptionalDouble mean = evidence.mean("output_sequence_length");
    if (requested.isEmpty()) {
      return Examination.unchecked("prompt_output_tokens_mean is not set");
    }
    if (mean.isEmpty() || evidence.answered() == 0) {
      return Examination.unchecked("aiperf counted no output tokens");
    }
    double share = 100 * mismatches.orElse(0) / evidence.answered();
    double ratio = mean.getAsDouble() / requested.getAsDouble();
    boolean isFarOff = ratio < SHORTEST || ratio > LONGEST;
    String message =
        "%s of %s replies differ in length from what was requested: %s tokens on average, %s were"
            .formatted(
                Figures.count(Math.round(mismatches.orElse(evidence.answered()))),
                Figures.count(evidence.answered()),
                Figures.number(mean.getAsDouble()),
                Figures.number(requested.getAsDouble()));
    double figure = isFarOff ? Math.max(share, 100) : share;
    Examination result =
        compare(figure, thresholds, message, advice(ratio, requested.getAsDouble()));
    return evidence.workload().setsReplyForm() ? result.atMost(Level.NOTE) : result;
  }
}
