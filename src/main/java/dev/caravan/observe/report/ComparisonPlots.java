package dev.caravan.observe.report;

import dev.caravan.observe.report.Plot.Kind;
import dev.caravan.observe.report.Plot.Series;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The plots that show several batches side by side, one colour for each line of each batch. */
final class ComparisonPlots {

  private final List<BatchData> batches;

  ComparisonPlots(List<BatchData> batches) {
    this.batches = List.copyOf(batches);
  }

  /** The plots that all batches have, laid over one another. */
  List<Plot> plots() {
    Map<String, List<Plot>> alike = new LinkedHashMap<>();
    for (int at = 0; at < batches.size(); at++) {
      for (Plot plot : new Plots(batches.get(at), at).plots()) {
        if (plot.kind() != Kind.HEAT) {
          alike
              .computeIfAbsent(
                  plot.kind() + " " + plot.x() + " " + plot.y(), k -> new ArrayList<>())
              .add(plot);
        }
      }
    }
    List<Plot> together = new ArrayList<>();
    alike.values().stream()
        .filter(plots -> plots.size() > 1)
        .forEach(plots -> together.add(together(plots, together.size())));
    return together;
  }

  private Plot together(List<Plot> plots, int number) {
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
        "all-" + number, first.kind(), first.title(), first.x(), first.y(), series, first.note());
  }

  /** A batch's name among these: its labels where they tell the batches apart, else its id. */
  String name(int at) {
    Map<String, String> telling = new LinkedHashMap<>(batches.get(at).provenance().labels());
    telling
        .entrySet()
        .removeIf(
            label ->
                batches.stream()
                    .allMatch(
                        other ->
                            label
                                .getValue()
                                .equals(other.provenance().labels().get(label.getKey()))));
    String name = String.join(", ", telling.values());
    return name.isEmpty() || !unique() ? batches.get(at).id() : name;
  }

  private boolean unique() {
    Set<Map<String, String>> all = new HashSet<>();
    batches.forEach(batch -> all.add(batch.provenance().labels()));
    return all.size() == batches.size();
  }
}
