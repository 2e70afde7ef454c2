package dev.caravan.pipeline.outcome.checks;

import java.util.Optional;
import java.util.OptionalDouble;

/** Prompts that the service had seen before. */
final class Cache implements Check {

  private static final double TEMPLATE = 80;
  private static final double TEMPLATE_MARGIN = 16;
  private static final double REPEATED_PERCENT = 5;

  /** Some more prompts than the run has requests. */
  private static final double RESERVE = 1.5;

  @Override
  public Description description() {
    return new Description(
        "cache",
        "prompt tokens from a prefix cache beyond the chat template, % of the prompt",
        Thresholds.above(Level.NOTE, 1).and(Level.WARNING, 10),
        "more than 1 % of the tokens of independent synthetic prompts come from the service's"
            + " prefix cache; if the service does not report that, prompts were sent more than"
            + " once, in this run or in one of the eight runs before it",
        "AIPerf makes 100 prompts by default and repeats them, and one random_seed gives the same"
            + " prompts at every point of a sweep. The time to first token is then that of the"
            + " cache. The chat template, about 80 tokens, is always cached.",
        "vary_prompts: true");
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    OptionalDouble isl = evidence.mean("input_sequence_length");
    if (!evidence.workload().hasIndependentPrompts()) {
      return Examination.unchecked("the prompts are not synthetic, or share text on purpose");
    }
    if (isl.isEmpty() || isl.getAsDouble() <= 0 || evidence.answered() == 0) {
      return Examination.unchecked("aiperf counted no input tokens");
    }
    OptionalDouble hits = hits(evidence);
    return hits.isPresent()
        ? cached(evidence, thresholds, hits.getAsDouble(), isl.getAsDouble())
        : repeated(evidence);
  }

  /** Cached tokens of a request, as responses or the service's counters say. */
  private static OptionalDouble hits(Evidence evidence) {
    OptionalDouble used = evidence.perAnswer("usage_prompt_cache_read_tokens");
    if (used.isPresent()) {
      return used;
    }
    OptionalDouble counted =
        evidence.server().map(Evidence.Server::cachedTokens).orElseGet(OptionalDouble::empty);
    return counted.isEmpty()
        ? counted
        : OptionalDouble.of(counted.getAsDouble() / evidence.answered());
  }

  /**
   * Prompt tokens from the service's prefix cache beyond the chat template, % of the prompt; empty
   * when the service does not say.
   */
  static OptionalDouble share(Evidence evidence) {
    OptionalDouble isl = evidence.mean("input_sequence_length");
    OptionalDouble hits = evidence.answered() == 0 ? OptionalDouble.empty() : hits(evidence);
    return hits.isEmpty() || isl.isEmpty() || isl.getAsDouble() <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            100
                * beyondTemplate(evidence, hits.getAsDouble(), isl.getAsDouble())
                / isl.getAsDouble());
  }

  private static double beyondTemplate(Evidence evidence, double hits, double isl) {
    OptionalDouble usage = evidence.mean("usage_prompt_tokens");
    double template =
        usage.isPresent() ? Math.max(0, usage.getAsDouble() - isl) + TEMPLATE_MARGIN : TEMPLATE;
    return Math.max(0, hits - template);
  }

  private Examination cached(Evidence evidence, Thresholds thresholds, double hits, double isl) {
    double cached = beyondTemplate(evidence, hits, isl);
    double share = 100 * cached / isl;
    String message =
        "%s of %s prompt tokens per request came from the service's prefix cache (%s)"
            .formatted(Figures.number(cached), Figures.number(isl), Figures.percent(share));
    return compare(share, thresholds, message, advice(evidence));
  }

  /** Where prompts cannot begin with a text of their own, only more of them help. */
  private String advice(Evidence evidence) {
    long sent = evidence.requests().map(Requests::count).orElse(0);
    return evidence.workload().canVaryEachPrompt() || repeatedPercent(evidence) <= REPEATED_PERCENT
        ? description().advice()
        : "aiperf_options: {num_dataset_entries: " + (long) Math.ceil(RESERVE * sent) + "}";
  }

  /** Requests whose prompt was sent before in the run, % of all. */
  private static double repeatedPercent(Evidence evidence) {
    long sent = evidence.requests().map(Requests::count).orElse(0);
    long distinct = evidence.requests().map(Requests::distinctPrompts).orElse(0L);
    return distinct == 0 ? 0 : 100.0 * (sent - distinct) / sent;
  }

  private Examination repeated(Evidence evidence) {
    Optional<Requests> requests = evidence.requests();
    Optional<String> run = evidence.repeatedRun();
    if (run.isPresent() && !evidence.workload().bustsCaches()) {
      String message =
          "the prompts are the same as in %s; a prefix cache would hold them already"
              .formatted(run.get());
      return finding(Level.NOTE, 100, REPEATED_PERCENT, message, description().advice());
    }
    if (requests.isEmpty() || requests.get().count() == 0) {
      return Examination.unchecked("no request log");
    }
    double share = repeatedPercent(evidence);
    if (evidence.workload().bustsCaches() || share <= REPEATED_PERCENT) {
      return Examination.SILENT;
    }
    String message =
        "%s requests sent %s different prompts; a prefix cache would hold the repeats already"
            .formatted(
                Figures.count(requests.get().count()),
                Figures.count(requests.get().distinctPrompts()));
    return finding(Level.NOTE, share, REPEATED_PERCENT, message, advice(evidence));
  }
}
