package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.SloResult;
import java.util.List;
import java.util.stream.Collectors;

/** How a batch keeps the bounds of its config, in Markdown. */
final class MarkdownSlo {

  private static final int MAX_LOADS = 12;
  private static final int MAX_TEXT = 2_000;

  private MarkdownSlo() {}

  /** A paragraph on all runs; empty without bounds. */
  static String text(BatchData batch) {
    return SloReport.of(batch)
        .map(slo -> "**SLO** " + MarkdownTable.escaped(line(slo), MAX_TEXT) + "\n\n")
        .orElse("");
  }

  private static String line(SloReport slo) {
    List<String> loads = slo.highest();
    String highest =
        loads.isEmpty()
            ? ""
            : ". "
                + slo.heading()
                + ": "
                + loads.stream().limit(MAX_LOADS).collect(Collectors.joining("; "))
                + (loads.size() > MAX_LOADS ? "; …" : "");
    return slo.text() + ": " + slo.count() + highest;
  }

  /** The cell of a run. */
  static String cell(BatchData batch, Point point) {
    SloResult result = batch.slo(point);
    return result.missed().isEmpty()
        ? result.state().value()
        : "missed: " + SloText.missed(result, point::metric);
  }
}
