package dev.caravan.observe.report;

import dev.caravan.config.Slo;
import dev.caravan.pipeline.outcome.FindingCounts;
import dev.caravan.pipeline.outcome.FindingCounts.Found;
import dev.caravan.pipeline.outcome.FoundCheck;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.SloResult;
import dev.caravan.pipeline.outcome.SloSummary;
import dev.caravan.pipeline.outcome.checks.Checks;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.pipeline.outcome.checks.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What the checks found, as lines of a terminal: ASCII marks, no wider than it. */
public final class FindingLines {

  private static final String INDENT = "  ";
  private static final int MAX_ID = 30;
  private static final int MAX_TEXT = 400;

  private final int width;

  /** Lines of at most this many characters. */
  public FindingLines(int width) {
    this.width = width;
  }

  /** What stands before a finding: nothing before a note. */
  public static String mark(Level level) {
    return switch (level) {
      case NOTE -> "";
      case WARNING, DEGRADED -> "!";
      case INVALID -> "x";
    };
  }

  /** A finding, such as {@code ! cache: 61.7 of 100 …}. */
  public static String text(FoundCheck check) {
    String message = check.message().isEmpty() ? check.level().value() : check.message();
    String mark = mark(check.level());
    return (mark.isEmpty() ? "" : mark + " ")
        + OneLine.line(check.id(), MAX_ID)
        + ": "
        + OneLine.line(message, MAX_TEXT);
  }

  /** The findings of a run that are more than notes and not the reason for its failure. */
  List<String> ofRun(ResultRow row) {
    return row.checks().stream()
        .filter(check -> check.level() != Level.NOTE)
        .filter(check -> !check.isReason(row.reason()) || row.outcome().isCompleted())
        .flatMap(check -> wrapped(INDENT + text(check), INDENT + INDENT).stream())
        .toList();
  }

  /** The bounds that a run misses. */
  List<String> sloOfRun(List<Slo> slo, ResultRow row) {
    SloResult result = SloResult.of(slo, row);
    return result.missed().isEmpty()
        ? List.of()
        : wrapped(
            INDENT + "misses the SLO: " + SloText.missed(result, row::metric), INDENT + INDENT);
  }

  /** How many runs keep the bounds, and up to which load. */
  List<String> sloOfBatch(
      List<String> keys, List<Slo> slo, List<String> answers, List<ResultRow> rows) {
    List<String> lines = new ArrayList<>();
    SloSummary.of(keys, slo, rows)
        .ifPresent(
            summary -> {
              lines.addAll(
                  wrapped("slo: " + SloText.bounds(slo) + "; " + SloText.count(summary), INDENT));
              List<String> highest = answers.isEmpty() ? SloText.highest(summary) : answers;
              if (!highest.isEmpty()) {
                String head = answers.isEmpty() ? SloText.HIGHEST : SloText.SEARCHED;
                lines.addAll(wrapped(head + ":", INDENT));
              }
              highest.forEach(line -> lines.addAll(wrapped(INDENT + line, INDENT + INDENT)));
            });
    return lines;
  }

  /**
   * What to do about each finding, and all notes in one line.
   *
   * @param isRough whether a percentile of too few requests is shown
   */
  List<String> ofBatch(List<ResultRow> rows, boolean isRough) {
    FindingCounts counts = new FindingCounts();
    rows.forEach(row -> counts.add(row.checks()));
    int looked = (int) rows.stream().filter(row -> row.outcome().hasNumbers()).count();
    List<String> lines = new ArrayList<>();
    for (Found found : counts.found()) {
      if (found.worst() != Level.NOTE) {
        String advice = advice(found.id(), rows);
        lines.addAll(
            advice.isEmpty() && rows.size() == 1
                ? List.of()
                : wrapped(summary(found, looked) + advice, INDENT));
      }
    }
    String notes =
        counts.found().stream()
            .filter(found -> found.worst() == Level.NOTE)
            .map(found -> inRuns(found, looked))
            .collect(Collectors.joining(", "));
    if (!notes.isEmpty()) {
      lines.addAll(wrapped("Notes: " + notes + "; see docs/checks.md", INDENT));
    }
    if (isRough) {
      lines.addAll(
          wrapped(
              String.format(
                  Locale.ROOT,
                  "%s too few requests for this percentile; a p99 needs %.0f",
                  TableColumns.ROUGH,
                  Statistic.samplesFor(0.99)),
              INDENT));
    }
    return lines;
  }

  /** A finding in some runs of a batch, such as {@code ! cache in 3 of 8 runs}. */
  static String summary(Found found, int runs) {
    return (mark(found.worst()) + " " + inRuns(found, runs)).strip();
  }

  private static String inRuns(Found found, int runs) {
    String id = OneLine.line(found.id(), MAX_ID);
    return runs == 1 ? id : id + " in " + found.runs() + " of " + runs + " runs";
  }

  /** The advice of the runs if they agree, else what the check always says. */
  private static String advice(String id, List<ResultRow> rows) {
    Set<String> advices =
        rows.stream()
            .flatMap(row -> row.checks().stream())
            .filter(check -> check.id().equals(id) && check.level() != Level.NOTE)
            .map(FoundCheck::adviceOrRule)
            .collect(Collectors.toSet());
    String general = Checks.find(id).map(check -> check.description().advice()).orElse("");
    String advice = advices.size() == 1 ? advices.iterator().next() : general;
    return advice.isEmpty() ? "" : "; advice: " + advice;
  }

  /** Breaks a line between words; a word that is longer than a line is cut. */
  private List<String> wrapped(String text, String indent) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(text.startsWith(INDENT) ? INDENT : "");
    String start = line.toString();
    for (String word : text.strip().split(" ")) {
      boolean isFirst = line.length() == start.length();
      if (!isFirst && line.length() + 1 + word.length() > width) {
        lines.add(OneLine.cut(line.toString(), width));
        start = indent;
        line.setLength(0);
        line.append(indent);
        isFirst = true;
      }
      line.append(isFirst ? "" : " ").append(word);
    }
    lines.add(OneLine.cut(line.toString(), width));
    return lines;
  }
}
