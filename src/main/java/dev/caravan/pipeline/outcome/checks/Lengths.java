package dev.caravan.pipeline.outcome.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Replies of another length than requested. */
final class Lengths implements Check {

  @Override
  public Description description() {
    return new Description(
        "lengths",
        "replies that differ from the requested length, % of all",
        Thresholds.above(Level.WARNING, 5),
        "more than 5 % of the replies differ from the requested length by more than 5 % (or 50"
            + " tokens), also by the service's own count (which is trusted within a factor of 2);"
            + " or the mean length is outside 0.5 to 2 times the requested one; or, without a"
            + " requested length, more than 5 % of the streams lack the usage that the others end"
            + " with, and are of another length than those. Only a note with extra_inputs that set"
            + " a format or a stop condition of the replies",
        "Latency and throughput depend on the length, so the numbers belong to another workload"
            + " than the one in the config. Streams that break off without an error are visible"
            + " only here.",
        "aiperf_options: {extra_inputs: {ignore_eos: true, min_tokens: N}}");
  }

  /** Names only what the config does not have. */
  private static String advice(Workload workload, double ratio, double requested) {
    if (ratio >= 1) {
      return workload.lacksLegacyMaxTokens()
          ? "use_legacy_max_tokens: true # for a service that does not support"
              + " max_completion_tokens"
          : "use a service that honours max_tokens";
    }
    List<String> inputs = new ArrayList<>();
    if (!workload.ignoresEnd()) {
      inputs.add("ignore_eos: true");
    }
    long least = Math.round(requested);
    if (workload.leastTokens() < least && workload.hasOneLength()) {
      inputs.add("min_tokens: " + least);
    }
    return inputs.isEmpty()
        ? "use a service that honours ignore_eos and min_tokens, or lower"
            + " prompt_output_tokens_mean"
        : "aiperf_options: {extra_inputs: {" + String.join(", ", inputs) + "}}";
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    OptionalDouble requested = evidence.requestedTokens();
    OptionalDouble mean = evidence.mean("output_sequence_length");
    if (requested.isEmpty()) {
      return brokenOff(evidence, thresholds)
          .orElseGet(() -> Examination.unchecked("prompt_output_tokens_mean is not set"));
    }
    if (mean.isEmpty() || evidence.answered() == 0) {
      return Examination.unchecked("aiperf counted no output tokens");
    }
    Examination result = examine(evidence, thresholds, requested.getAsDouble(), mean.getAsDouble());
    return evidence.workload().setsReplyForm() ? result.atMost(Level.NOTE) : result;
  }

  /** A service that tells how long a reply is does so at the end of the stream. */
  private Optional<Examination> brokenOff(Evidence evidence, Thresholds thresholds) {
    return evidence
        .requests()
        .filter(requests -> evidence.workload().isStreaming())
        .filter(requests -> requests.lengths().untoldCount() < requests.count())
        .filter(requests -> requests.lengths().areUntoldUnlike())
        .map(requests -> brokenOff(requests, thresholds))
        .filter(Finding.class::isInstance);
  }

  private Examination brokenOff(Requests requests, Thresholds thresholds) {
    long without = requests.lengths().untoldCount();
    String message =
        "%s of %s streams end without the usage that the others end with: they look broken off"
            .formatted(Figures.count(without), Figures.count(requests.count()));
    String advice =
        "see whether streams end with [DONE], as with curl -N: the service or a proxy may have"
            + " a time limit";
    return compare(100.0 * without / requests.count(), thresholds, message, advice);
  }

  private Examination examine(
      Evidence evidence, Thresholds thresholds, double requested, double counted) {
    double ratio = counted / requested;
    boolean isFarOff = ratio < ReplyLengths.SHORTEST || ratio > ReplyLengths.LONGEST;
    double miscounted = isFarOff ? 0 : evidence.answered() * miscountedShare(evidence);
    OptionalDouble mismatches = evidence.mean("osl_mismatch_count");
    double differing = Math.max(0, mismatches.orElse(0) - miscounted);
    double share = 100 * differing / evidence.answered();
    double mean =
        miscounted > 0 ? evidence.mean("usage_completion_tokens").orElse(counted) : counted;
    String message =
        "%s of %s replies differ from the requested length: %s tokens on average instead of %s"
            .formatted(
                Figures.count(Math.round(mismatches.isEmpty() ? evidence.answered() : differing)),
                Figures.count(evidence.answered()),
                Figures.number(mean),
                Figures.number(requested));
    double figure = isFarOff ? Math.max(share, 100) : share;
    String advice = advice(evidence.workload(), mean / requested, requested);
    return compare(figure, thresholds, message, advice);
  }

  /** The part of the replies that only aiperf finds of another length than requested. */
  private static double miscountedShare(Evidence evidence) {
    return evidence
        .requests()
        .filter(requests -> requests.count() > 0)
        .map(requests -> (double) requests.lengths().miscounted() / requests.count())
        .orElse(0.0);
  }
}
