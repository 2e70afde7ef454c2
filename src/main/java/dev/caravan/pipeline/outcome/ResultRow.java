package dev.caravan.pipeline.outcome;

import dev.caravan.config.Parameters;
import dev.caravan.model.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One run in a batch's table.
 *
 * @param runIndex from 0
 * @param folder name of its folder in the batch folder; empty without sweeps
 * @param sweep its sweep values, in the order of the batch's sweep keys
 * @param outcome how it ended
 * @param cause class of its failure as a word; empty when there is none
 * @param reason the most telling words; empty when there are none, and in a row read from a file
 * @param attempt from 1
 * @param measures its figures
 * @param tokenizer as the config names it; empty when it names none
 * @param startedAt RFC 3339 with offset
 */
public record ResultRow(
    int runIndex,
    String folder,
    List<Object> sweep,
    Outcome outcome,
    String cause,
    String reason,
    int attempt,
    Metrics measures,
    String tokenizer,
    String startedAt) {

  /** A batch may keep 100,000 of these. */
  private static final int REASON = 200;

  public ResultRow {
    sweep = Collections.unmodifiableList(new ArrayList<>(sweep));
  }

  /**
   * The row of a run from what is known of it.
   *
   * @param sweep sweep key to value, in the order of the batch's sweep keys
   * @param merged the run's parameters
   * @param export aiperf's summary, if there is one
   */
  public static ResultRow of(
      int runIndex,
      String folder,
      Map<String, Object> sweep,
      Parameters merged,
      ProcessResult.Head head,
      Optional<AiperfExport> export) {
    return new ResultRow(
        runIndex,
        folder,
        new ArrayList<>(sweep.values()),
        head.status(),
        head.cause(),
        head.reasons().stream().findFirst().map(r -> OneLine.line(r, REASON)).orElse(""),
        head.attempt(),
        new Metrics(measure -> figure(measure, merged, head, export)),
        merged.tokenizer().orElse(""),
        ResultJson.time(head.startedAt()));
  }

  private static OptionalDouble figure(
      Metric measure, Parameters merged, ProcessResult.Head head, Optional<AiperfExport> export) {
    return switch (measure) {
      case DURATION -> OptionalDouble.of(ResultJson.seconds(head.duration()));
      case OSL_ASKED -> number(merged.values().get("prompt_output_tokens_mean"));
      default -> export.map(measure::from).orElse(OptionalDouble.empty());
    };
  }

  private static OptionalDouble number(Object value) {
    return value instanceof Number n ? OptionalDouble.of(n.doubleValue()) : OptionalDouble.empty();
  }
}
