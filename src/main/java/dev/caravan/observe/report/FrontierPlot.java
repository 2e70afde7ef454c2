package dev.caravan.observe.report;

import dev.caravan.observe.report.Plot.Kind;
import dev.caravan.observe.report.Plot.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The plot of all runs of a comparison: throughput over interactivity, a line for each batch and
 * variant. Where some batch lacks what the plot would show, it shows what all have, and says so.
 */
final class FrontierPlot {

  static final String ID = "all-frontier";

  private static final List<ReportMetric> GAINS =
      List.of(ReportMetric.TOKENS_PER_GPU, ReportMetric.TOKENS, ReportMetric.REQUESTS_PER_SECOND);
  private static final List<ReportMetric> COSTS =
      List.of(ReportMetric.TOKENS_PER_USER, ReportMetric.TTFT_P99, ReportMetric.LATENCY_P99);
  private static final int MAX_NAMED = 5;

  private final List<BatchData> drawn;
  private final IntFunction<String> names;

  /**
   * The plot of these batches.
   *
   * @param drawn the batches as plots draw them
   * @param names display name of the batch at a position
   */
  FrontierPlot(List<BatchData> drawn, IntFunction<String> names) {
    this.drawn = List.copyOf(drawn);
    this.names = names;
  }

  /** The plot; empty if no run of any batch completed. */
  Optional<Plot> plot() {
    List<Integer> measured =
        IntStream.range(0, drawn.size()).filter(this::isMeasured).boxed().toList();
    if (measured.isEmpty()) {
      return Optional.empty();
    }
    ReportMetric gain = shared(GAINS, measured);
    ReportMetric cost = shared(COSTS, measured);
    List<Series> lines =
        IntStream.range(0, drawn.size()).boxed().flatMap(at -> lines(at).stream()).toList();
    return Optional.of(
        new Plot(
            ID,
            Kind.FRONTIER,
            "All batches in one plot",
            cost.column(),
            List.of(gain.column()),
            new ParetoMarks(drawn::get, cost, gain).on(lines),
            String.join(" ", notes(measured, gain, cost))));
  }

  private boolean isMeasured(int at) {
    return drawn.get(at).points().stream().anyMatch(Point::completed);
  }

  /** The first of these that all batches have; the last one if there is none. */
  private ReportMetric shared(List<ReportMetric> wanted, List<Integer> measured) {
    return wanted.stream()
        .filter(metric -> measured.stream().allMatch(at -> drawn.get(at).has(metric)))
        .findFirst()
        .orElse(wanted.get(wanted.size() - 1));
  }

  private List<Series> lines(int at) {
    BatchData batch = drawn.get(at);
    SweepKeys keys = SweepKeys.of(batch);
    int load = keys.load().orElse(-1);
    Map<String, List<Integer>> variants = new LinkedHashMap<>();
    for (int point = 0; point < batch.points().size(); point++) {
      variants
          .computeIfAbsent(batch.points().get(point).place().variant(), v -> new ArrayList<>())
          .add(point);
    }
    List<Series> lines = new ArrayList<>();
    variants.forEach(
        (variant, points) -> {
          points.sort(keys.orderBy(load));
          String name = names.apply(at) + (variant.isEmpty() ? "" : ": " + variant);
          lines.add(new Series(name, at, load, points, -1, List.of()));
        });
    return lines;
  }

  private List<String> notes(List<Integer> measured, ReportMetric gain, ReportMetric cost) {
    List<String> notes = new ArrayList<>();
    boolean anyPerGpu =
        measured.stream().anyMatch(at -> drawn.get(at).has(ReportMetric.TOKENS_PER_GPU));
    if (anyPerGpu && gain != ReportMetric.TOKENS_PER_GPU) {
      notes.add(
          "Not per GPU, because there is no label gpus with a number in "
              + lacking(measured, ReportMetric.TOKENS_PER_GPU)
              + ".");
    }
    notes.addAll(fallback(measured, gain, GAINS.get(1)));
    notes.addAll(fallback(measured, cost, COSTS.get(0)));
    List<Integer> rest =
        IntStream.range(0, drawn.size()).boxed().filter(at -> !measured.contains(at)).toList();
    if (!rest.isEmpty()) {
      notes.add("No run has completed in " + list(rest) + ".");
    }
    return notes;
  }

  /** Says why a metric is shown in place of the wanted one, if only some batches lack that. */
  private List<String> fallback(List<Integer> measured, ReportMetric shown, ReportMetric wanted) {
    boolean anyHas = measured.stream().anyMatch(at -> drawn.get(at).has(wanted));
    boolean allHave = measured.stream().allMatch(at -> drawn.get(at).has(wanted));
    return anyHas && !allHave
        ? List.of(
            shown.label()
                + " in place of "
                + wanted.label()
                + ", which is not known of "
                + lacking(measured, wanted)
                + ".")
        : List.of();
  }

  private String lacking(List<Integer> measured, ReportMetric metric) {
    return list(measured.stream().filter(at -> !drawn.get(at).has(metric)).toList());
  }

  private String list(List<Integer> positions) {
    String named =
        positions.stream()
            .limit(MAX_NAMED)
            .map(at -> drawn.get(at).id())
            .collect(Collectors.joining(", "));
    return positions.size() > MAX_NAMED
        ? named + " and " + (positions.size() - MAX_NAMED) + " more"
        : named;
  }
}
