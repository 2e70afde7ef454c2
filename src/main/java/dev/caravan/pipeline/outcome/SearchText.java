package dev.caravan.pipeline.outcome;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.Search;
import dev.caravan.config.Slo;
import dev.caravan.pipeline.outcome.checks.Figures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The answer of a search in words, with the numbers that it stands on. */
public final class SearchText {

  private static final int MAX_BRIEF = 4;
  private static final String SEARCHING = "searching, ";
  private static final String LIMIT = "limit";
  private static final String NOT_MONOTONE = "not_monotone";
  private static final String SEPARATOR = ", ";

  private final String key;
  private final List<Slo> bounds;
  private final SearchSummary.Answer answer;

  /** The words for an answer to a search over this key. */
  SearchText(String key, List<Slo> bounds, SearchSummary.Answer answer) {
    this.key = key;
    this.bounds = bounds;
    this.answer = answer;
  }

  /** What a config searches, such as {@code concurrency 1 to 512, for TTFT p99 ≤ 500 ms}. */
  public static String plan(BenchmarkConfig config) {
    Search search = config.matrix().search().orElseThrow();
    List<Object> loads = search.loads();
    return "%s from %s to %s for %s, to within %s %%"
        .formatted(
            search.key(),
            loads.get(0),
            loads.get(loads.size() - 1),
            limits(config.evaluation().slo()),
            Figures.number(100 * search.precision()));
  }

  /** All answers in a few words; one that is not final has a question mark. */
  static String brief(String key, List<SearchSummary.Answer> answers) {
    String loads =
        answers.stream()
            .limit(MAX_BRIEF)
            .map(SearchText::brief)
            .collect(Collectors.joining(SEPARATOR));
    return key + " " + loads + (answers.size() > MAX_BRIEF ? ", …" : "");
  }

  private static String brief(SearchSummary.Answer answer) {
    return switch (answer.why()) {
      case SearchSummary.OPEN -> "…";
      case SearchSummary.NO_ANSWER -> "?";
      case LIMIT, NOT_MONOTONE, SearchSummary.CANCELLED ->
          answer.keeps().map(String::valueOf).orElse("") + "?";
      default -> answer.keeps().map(String::valueOf).orElse("none");
    };
  }

  /** The sentence of a search that went on, once it is cancelled. */
  static String cancelled(String sentence, String order) {
    return sentence.replace(SEARCHING, "cancelled (" + order + ") after ");
  }

  /**
   * The sentence.
   *
   * @param detail what stopped the search, or how far it is
   */
  String sentence(String detail) {
    List<String> at = new ArrayList<>();
    if (!answer.variant().isEmpty()) {
      at.add(answer.variant());
    }
    answer.at().forEach((name, value) -> at.add(name + " " + value));
    return (at.isEmpty() ? "" : String.join(SEPARATOR, at) + ": ") + body(detail);
  }

  private String body(String detail) {
    return switch (answer.why()) {
      case "all_hold" -> kept(", the highest,");
      case "none_holds" -> missed(", the lowest,");
      case NOT_MONOTONE -> "not monotone: " + missed("") + "; " + notMonotone();
      case LIMIT -> known() + " (stopped after " + detail + ")";
      case SearchSummary.NO_ANSWER -> "no answer at " + key + " " + detail + soFar();
      case SearchSummary.CANCELLED -> "cancelled at " + key + " " + detail + soFar();
      case SearchSummary.OPEN -> SEARCHING + detail + soFar();
      default -> known();
    };
  }

  /** The two loads of the answer. */
  private String known() {
    if (answer.keeps().isEmpty()) {
      return answer.misses().isEmpty() ? "nothing was measured" : missed("");
    }
    return kept("")
        + answer.misses().map(load -> "; " + load + " does not" + evidence(load)).orElse("");
  }

  private String soFar() {
    return answer.loads().isEmpty() ? "" : "; so far " + known();
  }

  private String notMonotone() {
    Optional<SearchSummary.Load> higher =
        answer.loads().stream()
            .filter(each -> number(each.load()) > number(answer.misses().orElseThrow()))
            .filter(each -> 2 * each.kept() > each.runs())
            .max(Comparator.comparing(each -> number(each.load())));
    return higher
            .map(each -> each.load() + " does" + evidence(each.load()))
            .orElse("a higher one does")
        + answer.keeps().map(load -> "; up to " + load + " all do").orElse("");
  }

  private static double number(Object load) {
    return ((Number) load).doubleValue();
  }

  private String kept(String which) {
    Object load = answer.keeps().orElseThrow();
    return key + " " + load + which + " meets " + limits() + evidence(load);
  }

  private String missed(String which) {
    Object load = answer.misses().orElseThrow();
    return key + " " + load + which + " does not meet " + limits() + evidence(load);
  }

  private String limits() {
    return limits(bounds);
  }

  private static String limits(List<Slo> bounds) {
    return bounds.stream().map(MetricWords::bound).collect(Collectors.joining(SEPARATOR));
  }

  /** The numbers of a load, such as {@code (431 ms [402, 470], 3 runs)}. */
  private String evidence(Object load) {
    return answer.loads().stream()
        .filter(each -> each.load().equals(load))
        .findFirst()
        .map(each -> " (" + numbers(each) + runs(each.runs()) + others(each) + ")")
        .orElse("");
  }

  private static String runs(int runs) {
    return runs + (runs == 1 ? " run" : " runs");
  }

  /** The runs of a load that keeps the bounds whose numbers the mean hides. */
  private String others(SearchSummary.Load load) {
    int missing = load.runs() - load.kept();
    boolean isKept = answer.keeps().filter(load.load()::equals).isPresent();
    boolean isHidden =
        !load.failure().isEmpty() || worst(load).filter(each -> margin(each, load) > 0).isPresent();
    return isKept && isHidden && missing > 0
        ? ", of which "
            + missing
            + (missing == 1 ? " does not" : " do not")
            + (load.failure().isEmpty() ? "" : ": " + load.failure())
        : "";
  }

  /** The bound that the means of a load are nearest to, or farthest beyond. */
  private Optional<Slo> worst(SearchSummary.Load load) {
    return bounds.stream()
        .filter(bound -> load.values().containsKey(bound.metric()))
        .max(Comparator.comparingDouble(bound -> margin(bound, load)));
  }

  private String numbers(SearchSummary.Load load) {
    boolean isMissed = answer.misses().filter(load.load()::equals).isPresent();
    Optional<Slo> shown = worst(load);
    boolean isShown = shown.filter(bound -> !isMissed || margin(bound, load) > 0).isPresent();
    if (!isShown) {
      return load.failure().isEmpty() ? "" : load.failure() + SEPARATOR;
    }
    String metric = shown.get().metric();
    String name = bounds.size() > 1 ? MetricWords.name(metric) + " " : "";
    return name + value(shown.get(), load.values().get(metric)) + SEPARATOR;
  }

  private static double margin(Slo bound, SearchSummary.Load load) {
    return SearchEndings.margin(bound, load.values().get(bound.metric()).value());
  }

  private static String value(Slo bound, SearchSummary.Mean mean) {
    return MetricWords.value(bound, mean.value())
        + (mean.low().isPresent() && mean.high().isPresent()
            ? " ["
                + Figures.number(mean.low().get())
                + SEPARATOR
                + Figures.number(mean.high().get())
                + "]"
            : "");
  }
}
