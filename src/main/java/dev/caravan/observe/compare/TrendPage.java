package dev.caravan.observe.compare;

import dev.caravan.observe.compare.Trend.Line;
import dev.caravan.observe.report.HtmlTemplates;
import dev.caravan.observe.report.ReportPage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A trend as a single HTML file without scripts, with a plot for each name and metric. */
public final class TrendPage {

  private final HtmlTemplates templates = new HtmlTemplates(TrendPage.class);
  private final String style = ReportPage.style();

  /** The trend as an HTML page. */
  public String html(Trend trend) {
    Set<String> names = byName(trend).keySet();
    Map<String, Object> model =
        Map.of(
            "policy",
            policy(),
            "style",
            style,
            "title",
            names.isEmpty() ? "Trend" : "Trend of " + String.join(", ", names),
            "content",
            content(trend));
    return templates.render("trend", model);
  }

  /** The plots as a part of an HTML page that has the style sheet of reports. */
  public String content(Trend trend) {
    Map<String, List<Line>> byName = byName(trend);
    Map<String, Object> model =
        Map.of(
            "names",
                byName.entrySet().stream()
                    .map(each -> named(each.getKey(), each.getValue(), trend.metrics()))
                    .toList(),
            "hasHeads", byName.size() > 1,
            "leftOut", trend.leftOut());
    return templates.render("trend-content", model);
  }

  private static Map<String, List<Line>> byName(Trend trend) {
    return trend.lines().stream()
        .collect(Collectors.groupingBy(Line::name, LinkedHashMap::new, Collectors.toList()));
  }

  /** The Content-Security-Policy: only the page's own style block. */
  private String policy() {
    return "default-src 'none'; style-src "
        + ReportPage.hash(style)
        + "; base-uri 'none'; form-action 'none'";
  }

  /**
   * The batches of a name.
   *
   * @param sentence says why there are no plots
   */
  record Named(String name, String sentence, List<TrendPlot> plots) {}

  private static Named named(String name, List<Line> lines, List<String> metrics) {
    if (lines.size() < 2) {
      String only = "There is one batch, " + lines.get(0).batch() + "; a trend needs two.";
      return new Named(name, only, List.of());
    }
    return new Named(
        name,
        "",
        IntStream.range(0, metrics.size())
            .mapToObj(metric -> new TrendPlotter(lines, metric).plot(metrics.get(metric)))
            .toList());
  }
}
