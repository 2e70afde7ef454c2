package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.OneLine;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the checks found in a batch, and what its marks mean, above a table in Markdown. */
final class MarkdownFindings {

  private static final int MAX_RUNS = 8;
  private static final int MAX_ADVICE = 200;
  private static final Pattern YAML = Pattern.compile("\\w+:");

  private MarkdownFindings() {}

  /** A list with an empty line behind it; empty when there is nothing to say. */
  static String text(BatchData batch) {
    BatchFindings findings = BatchFindings.of(batch);
    StringBuilder text = new StringBuilder();
    for (BatchFindings.Found found : findings.found()) {
      if (!found.isNote()) {
        text.append(line(batch, findings, found));
      }
    }
    String notes =
        findings.found().stream()
            .filter(BatchFindings.Found::isNote)
            .map(found -> MarkdownTable.escaped(found.id()) + " in " + share(found, findings))
            .collect(Collectors.joining(", "));
    if (!notes.isEmpty()) {
      text.append("- Notes: ").append(notes).append('\n');
    }
    if (findings.neverChecked() > 0) {
      text.append("- Not checked: ").append(runs(findings.neverChecked(), findings)).append('\n');
    }
    if (isRough(batch)) {
      text.append("- \\~ too few requests for this percentile\n");
    }
    return text.isEmpty() ? "" : text.append('\n').toString();
  }

  private static String line(BatchData batch, BatchFindings findings, BatchFindings.Found found) {
    return "- ⚠ **"
        + MarkdownTable.escaped(found.id())
        + "** in "
        + share(found, findings)
        + names(batch, found.points())
        + ": "
        + MarkdownTable.escaped(found.message())
        + advice(found.advice())
        + "\n";
  }

  /** As code if it is a line of YAML. */
  private static String advice(String advice) {
    if (advice.isEmpty()) {
      return "";
    }
    boolean isYaml = YAML.matcher(advice).lookingAt();
    return ". Advice: "
        + (isYaml
            ? "`" + OneLine.line(advice, MAX_ADVICE).replace('`', '\'') + "`"
            : MarkdownTable.escaped(advice));
  }

  /** The sweep values of the runs, if they tell anything. */
  private static String names(BatchData batch, List<Integer> points) {
    if (batch.keys().isEmpty()) {
      return "";
    }
    String names =
        points.stream()
            .limit(MAX_RUNS)
            .map(point -> name(batch, batch.points().get(point)))
            .collect(Collectors.joining("; "));
    return " (" + MarkdownTable.escaped(names) + (points.size() > MAX_RUNS ? "; …)" : ")");
  }

  private static String name(BatchData batch, Point point) {
    return IntStream.range(0, batch.keys().size())
        .mapToObj(key -> batch.keys().get(key) + " " + point.values().get(key))
        .collect(Collectors.joining(", "));
  }

  private static String share(BatchFindings.Found found, BatchFindings findings) {
    return runs(found.runs(), findings);
  }

  private static String runs(int some, BatchFindings findings) {
    return some + " of " + findings.runs() + (findings.runs() == 1 ? " run" : " runs");
  }

  private static boolean isRough(BatchData batch) {
    return batch.points().stream()
        .filter(Point::completed)
        .anyMatch(point -> point.isRough(ReportMetric.LATENCY_P99));
  }
}
