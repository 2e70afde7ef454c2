package dev.caravan.observe.http;

import dev.caravan.observe.compare.Trend;
import dev.caravan.observe.compare.Trend.Line;
import dev.caravan.observe.compare.TrendPage;
import dev.caravan.observe.compare.TrendReader;
import dev.caravan.observe.report.ReportMetric;
import dev.caravan.observe.report.Rounding;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The page of a name: how its batches developed, with noise, commits and verdicts. */
final class TrendPages {

  private static final int USUAL_LAST = 30;
  private static final int MOST_LAST = 100;

  /** As many as can be compared. */
  private static final int MOST_RUNS = 10_000;

  private final WebContext context;
  private final BatchCatalog batchCatalog;
  private final Pages pages;
  private final Turns turns = new Turns(Turns.OF_A_PAGE);
  private final TrendPage plots = new TrendPage();

  TrendPages(WebContext context, BatchCatalog batchCatalog) {
    this.context = context;
    this.batchCatalog = batchCatalog;
    this.pages = new Pages(context);
  }

  void routes(Routes routes) {
    routes.on(
        "GET",
        "/trend/:name",
        (request, path) -> turns.take(() -> page(path.get("name"), request)));
  }

  /**
   * The content of the page.
   *
   * @param drawn the plots, as HTML
   * @param metrics heads of the columns
   * @param rows newest first
   * @param more number of batches that it would show if it showed all it can; 0 if it does
   */
  record Content(String name, String drawn, List<String> metrics, List<Row> rows, int more) {}

  /** A batch. */
  public record Row(
      String id,
      String href,
      String time,
      String commit,
      String aiperf,
      String verdict,
      String slo,
      int runs,
      List<String> values) {}

  private HttpResponse page(String name, HttpRequest request)
      throws HttpProblemException, IOException {
    long known = batchCatalog.all().stream().filter(each -> each.name().equals(name)).count();
    if (known == 0) {
      throw new HttpProblemException(404, "there is no batch of the name " + name);
    }
    int last = Math.max(1, request.number("last", USUAL_LAST, MOST_LAST));
    Trend trend = read(name, last);
    List<Row> rows = new ArrayList<>(trend.lines().stream().map(TrendPages::row).toList());
    Collections.reverse(rows);
    boolean isCut = known > last && last < MOST_LAST;
    return pages.page(
        "trend",
        "overview",
        "Trend of " + name,
        new Content(
            name,
            plots.content(trend),
            trend.metrics().stream().map(TrendPages::label).toList(),
            rows,
            isCut ? (int) Math.min(MOST_LAST, known) : 0));
  }

  private Trend read(String name, int last) throws HttpProblemException {
    try {
      return TrendReader.of(context.settings(), List.of(), last)
          .ofMostRuns(MOST_RUNS)
          .read(List.of(name));
    } catch (IOException e) {
      throw new HttpProblemException(404, e.getMessage());
    }
  }

  private static String label(String column) {
    return ReportMetric.of(column)
        .map(
            metric ->
                metric.label()
                    + (metric.unit().isEmpty() || metric.label().contains("/s")
                        ? ""
                        : " (" + metric.unit() + ")"))
        .orElse(column);
  }

  private static Row row(Line line) {
    return new Row(
        line.batch(),
        RunLinks.batch(line.batch()),
        time(line.time()),
        line.commit(),
        line.aiperf(),
        line.verdict(),
        line.slo(),
        line.runs(),
        line.values().stream().map(TrendPages::value).toList());
  }

  private static String value(Trend.Value value) {
    return Rounding.of(value.mean())
        + (value.low().isPresent() && value.high().isPresent()
            ? " ["
                + Rounding.of(value.low().getAsDouble())
                + ", "
                + Rounding.of(value.high().getAsDouble())
                + "]"
            : "");
  }

  private static String time(String text) {
    try {
      return DisplayTime.of(OffsetDateTime.parse(text));
    } catch (DateTimeException e) {
      return text;
    }
  }
}
