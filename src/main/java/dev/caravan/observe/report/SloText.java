package dev.caravan.observe.report;

import dev.caravan.config.Parameters;
import dev.caravan.config.Slo;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.BoundText;
import dev.caravan.pipeline.outcome.SearchSummary;
import dev.caravan.pipeline.outcome.SloResult;
import dev.caravan.pipeline.outcome.SloSummary;
import dev.caravan.pipeline.outcome.SloSummary.Highest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How a batch keeps the bounds of its config, in words. */
public final class SloText {

  /** What the lines of {@link #highest(SloSummary)} are. */
  static final String HIGHEST = "Highest load at which a run meets it (a plain maximum)";

  /** The same, of a search. */
  static final String SEARCHED = "Highest load that meets it, by search";

  private static final int MAX_BELOW = 5;

  private SloText() {}

  /** The bounds, such as {@code TTFT p99 at most 500 ms}. */
  static String bounds(List<Slo> bounds) {
    return bounds.stream()
        .map(bound -> label(bound.metric()) + " " + limit(bound))
        .collect(Collectors.joining(", "));
  }

  /** The bounds that a run misses, such as {@code TTFT p99 612 ms, at most 500 ms}. */
  static String missed(SloResult result, Function<String, OptionalDouble> metric) {
    return result.missed().stream()
        .map(
            bound ->
                label(bound.metric())
                    + metric.apply(bound.metric()).stream()
                        .mapToObj(
                            value ->
                                " "
                                    + BoundText.value(bound, value, Rounding::of)
                                    + unit(bound.metric()))
                        .collect(Collectors.joining())
                    + ", "
                    + limit(bound))
        .collect(Collectors.joining("; "));
  }

  /** How many runs keep the bounds, such as {@code kept by 5 of 8 runs}. */
  static String count(SloSummary slo) {
    int runs = slo.kept() + slo.missed() + slo.unknown();
    String unknown = slo.unknown() == 0 ? "" : ", unknown for " + slo.unknown();
    return "met by " + slo.kept() + " of " + runs + (runs == 1 ? " run" : " runs") + unknown;
  }

  /** The highest load of each combination, a line each; none when the load does not vary. */
  static List<String> highest(SloSummary slo) {
    return slo.highest().stream().map(SloText::highest).toList();
  }

  /** How many runs keep the bounds and, with one combination, up to which load. */
  private static String summary(SloSummary slo) {
    List<String> highest = highest(slo);
    return count(slo) + (highest.size() == 1 ? ", up to " + highest.get(0) : "");
  }

  /** What is known of the bounds of a batch: the answer of its search, or what its runs keep. */
  public static String summary(BatchSummary batch) {
    return batch
        .search()
        .map(SearchSummary::brief)
        .or(() -> batch.slo().map(SloText::summary))
        .orElse("");
  }

  /**
   * The highest load in a few words, such as {@code concurrency 8}: by the search of a batch, or
   * with one combination, else how many runs keep the bounds. Empty without bounds.
   */
  public static Optional<String> brief(BatchSummary batch) {
    return batch.search().map(SearchSummary::brief).or(() -> batch.slo().map(SloText::brief));
  }

  private static String brief(SloSummary slo) {
    List<Highest> all = slo.highest();
    if (all.size() == 1) {
      return load(all.get(0));
    }
    return slo.kept() + "/" + (slo.kept() + slo.missed() + slo.unknown()) + " runs";
  }

  private static String highest(Highest highest) {
    List<String> at = new ArrayList<>();
    if (!highest.variant().isEmpty()) {
      at.add(highest.variant());
    }
    highest.at().forEach((key, value) -> at.add(key + " " + value));
    String where = at.isEmpty() ? "" : String.join(", ", at) + ": ";
    String some =
        highest.kept() < highest.runs()
            ? " (" + highest.kept() + " of its " + highest.runs() + " runs)"
            : "";
    List<String> below = highest.missedBelow().stream().map(SloText::plain).toList();
    String but =
        below.isEmpty()
            ? ""
            : ", though not at "
                + String.join(", ", below.subList(0, Math.min(MAX_BELOW, below.size())))
                + (below.size() > MAX_BELOW ? ", …" : "");
    return where + load(highest) + some + but;
  }

  private static String load(Highest highest) {
    return highest
        .load()
        .map(load -> highest.key() + " " + plain(load))
        .orElse("no " + highest.key());
  }

  /** As a config has it. */
  private static String plain(double load) {
    if (Double.isInfinite(load)) {
      return Parameters.UNLIMITED;
    }
    return load == Math.rint(load) ? String.valueOf((long) load) : String.valueOf(load);
  }

  private static String label(String metric) {
    return ReportMetric.of(metric).map(ReportMetric::label).orElse(metric);
  }

  private static String limit(Slo bound) {
    return (Slo.isHigherBetter(bound.metric()) ? "at least " : "at most ")
        + BoundText.exact(bound.bound())
        + unit(bound.metric());
  }

  private static String unit(String metric) {
    String unit = ReportMetric.of(metric).map(ReportMetric::unit).orElse("");
    return unit.isEmpty() || unit.contains("/") ? "" : " " + unit;
  }
}
