package dev.caravan.pipeline.outcome;

import dev.caravan.config.FixedRules;
import dev.caravan.config.Parameters;
import dev.caravan.model.Outcome;
import dev.caravan.model.plan.Place;
import dev.caravan.model.plan.Sweep;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows of result tables for tests. */
public final class Rows {

  private static final OffsetDateTime START = OffsetDateTime.parse("2026-11-24T14:02:54+01:00");

  private Rows() {}

  /** The empty table of a batch of one run. */
  public static BatchResults noRows() {
    return new BatchResults(new Sweep(FixedRules.read(FixedRules.BASE)));
  }

  /** The summary of a batch that is not finished. */
  static BatchSummary summary(BatchResults results) {
    return BatchSummary.of("b/1", 4, results, START, Optional.empty());
  }

  /** One swept key and its value; others can be added. */
  static Map<String, Object> sweep(String key, Object value) {
    Map<String, Object> sweep = new LinkedHashMap<>();
    sweep.put(key, value);
    return sweep;
  }

  /** The row of a recorded run, with the judge's judgment. */
  public static ResultRow recorded(int index, Map<String, Object> sweep, String recording) {
    Judgment judgment =
        new Judge().judge(Recording.folder(recording), Recording.exit(recording), () -> true);
    return of(index, sweep, judgment, AiperfExport.read(Recording.folder(recording)).export());
  }

  /** The row of a recorded run of which the checks found this. */
  public static ResultRow checked(
      int index, Map<String, Object> sweep, String recording, CheckResults checks) {
    Judgment judgment =
        new Judge().judge(Recording.folder(recording), Recording.exit(recording), () -> true);
    CheckedJudgment checked = CheckedJudgment.of(judgment, checks);
    Optional<AiperfExport> export = AiperfExport.read(Recording.folder(recording)).export();
    return of(index, sweep, checked, export);
  }

  /** A row with the metrics of this export. */
  public static ResultRow of(
      int index, Map<String, Object> sweep, Judgment judgment, Optional<AiperfExport> export) {
    return of(index, sweep, new CheckedJudgment(judgment, CheckResults.NONE), export);
  }

  private static ResultRow of(
      int index,
      Map<String, Object> sweep,
      CheckedJudgment checked,
      Optional<AiperfExport> export) {
    Judgment judgment = checked.judgment();
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("tokenizer", "builtin");
    parameters.put("prompt_output_tokens_mean", 8L);
    Head head =
        new Head(
            judgment.outcome(),
            judgment.cause(),
            judgment.reasons(),
            1,
            true,
            Optional.empty(),
            START,
            START.plusSeconds(8),
            Duration.ofMillis(8_125),
            "0.13.0",
            checked.checks());
    return ResultRow.of(
        index, "run" + index, Place.UNKNOWN, sweep, new Parameters(parameters), head, export);
  }

  /** The same row at another place of the plan. */
  public static ResultRow at(Place place, ResultRow row) {
    return new ResultRow(
        row.runIndex(),
        row.folder(),
        place,
        row.sweep(),
        row.outcome(),
        row.cause(),
        row.reason(),
        row.attempt(),
        row.checks(),
        row.metrics(),
        row.tokenizer(),
        row.startedAt());
  }

  /** A row without metrics. */
  public static ResultRow withoutMetrics(
      int index, Outcome outcome, String cause, String... reasons) {
    return of(index, Map.of(), new Judgment(outcome, cause, List.of(reasons)), Optional.empty());
  }
}
