package dev.caravan.observe.report;

import dev.caravan.observe.report.Plot.Kind;
import dev.caravan.observe.report.Plot.Series;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The plots of several batches, with one colour per line of each batch. */
final class ComparisonPlots {

  private final List<BatchData> batches;
  private final List<BatchData> drawn;

  ComparisonPlots(List<BatchData> batches) {
    this.batches = List.copyOf(batches);
    this.drawn = batches.stream().map(DrawnRepeats::of).toList();
  }

  /** The plot of all batches; none if no run completed. */
  Optional<Plot> frontier() {
    return new FrontierPlot(drawn, this::name).plot();
  }

  /** The plot of all batches, and the overlays of plots that at least two have. */
  List<Plot> plots() {
    List<Plot> plots = new ArrayList<>(frontier().stream().toList());
    plots.addAll(overlays());
    return plots;
  }

  private List<Plot> overlays() {
    Map<String, List<Plot>> matching = new LinkedHashMap<>();
    for (int position = 0; position < batches.size(); position++) {
      for (Plot plot : new Plots(drawn.get(position), position).plots()) {
        if (plot.kind() != Kind.HEAT && plot.kind() != Kind.CURVE) {
          matching
              .computeIfAbsent(
                  plot.kind() + " " + plot.x() + " " + plot.y(), k -> new ArrayList<>())
              .add(plot);
        }
      }
    }
    List<Plot> overlays = new ArrayList<>();
    matching.values().stream()
        .filter(plots -> plots.size() > 1)
        .forEach(plots -> overlays.add(overlay(plots, overlays.size())));
    return overlays;
  }

  private Plot overlay(List<Plot> plots, int number) {
    List<Series> series = new ArrayList<>();
    for (Plot plot : plots) {
      for (Series each : plot.series()) {
        String name = name(each.batch());
        String label = each.label().isEmpty() ? name : name + ": " + each.label();
        series.add(
            new Series(label, each.batch(), each.key(), each.points(), each.knee(), each.pareto()));
      }
    }
    Plot first = plots.get(0);
    return new Plot(
        "all-" + number, first.kind(), first.title(), first.x(), first.y(), marked(first, series));
  }

  /** A point of one batch may be beaten by one of another. */
  private List<Series> marked(Plot plot, List<Series> series) {
    Optional<ReportMetric> cost = ReportMetric.of(plot.x());
    Optional<ReportMetric> gain = ReportMetric.of(plot.y().get(0));
    return cost.isPresent() && gain.isPresent()
        ? new ParetoMarks(drawn::get, cost.get(), gain.get()).on(series)
        : series;
  }

  /** A batch's display name: the labels in which the batches differ, else its id. */
  String name(int position) {
    Map<String, String> differing =
        new LinkedHashMap<>(batches.get(position).provenance().labels());
    differing
        .entrySet()
        .removeIf(
            label ->
                batches.stream()
                    .allMatch(
                        other ->
                            label
                                .getValue()
                                .equals(other.provenance().labels().get(label.getKey()))));
    String name =
        differing.entrySet().stream()
            .map(label -> named(label.getKey(), label.getValue()))
            .collect(Collectors.joining(", "));
    return name.isEmpty() || !labelsAreUnique() ? batches.get(position).id() : name;
  }

  /** A bare number does not say what it counts. */
  private static String named(String label, String value) {
    return value.matches("[0-9.]+") ? label + " " + value : value;
  }

  private boolean labelsAreUnique() {
    Set<Map<String, String>> all = new HashSet<>();
    batches.forEach(batch -> all.add(batch.provenance().labels()));
    return all.size() == batches.size();
  }
}
