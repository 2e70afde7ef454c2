package dev.caravan.observe.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.caravan.analysis.Verdict;
import dev.caravan.model.Outcome;
import dev.caravan.model.plan.Place;
import dev.caravan.pipeline.outcome.FoundCheck;
import dev.caravan.pipeline.outcome.OutcomeCounts;
import dev.caravan.pipeline.outcome.SearchSummary;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The payload of an event: the member {@code data} of its JSON. Folders are below the home. */
sealed interface EventData {

  /** What every event of a batch says of it. */
  record OfBatch(String batch, String folder, Map<String, String> labels) {}

  /** What every event of a run says of it; {@code folder} is the run's. */
  record OfRun(
      String batch,
      String folder,
      Map<String, String> labels,
      String run,
      int runIndex,
      int runs,
      int attempt,
      Map<String, Object> sweep,
      @JsonUnwrapped Place place) {}

  /** A batch was accepted; {@code sweeps} has the number of values by key. */
  record Accepted(
      @JsonUnwrapped OfBatch batch,
      int runs,
      Map<String, Integer> sweeps,
      String sourceFile,
      String submittedBy)
      implements EventData {}

  /** A config was refused, with the first of its problems. */
  record Refused(String config, int problemCount, List<String> problems) implements EventData {}

  /** An attempt starts. */
  record Started(@JsonUnwrapped OfRun run) implements EventData {}

  /** An attempt failed and another one follows. */
  record Retrying(@JsonUnwrapped OfRun run, Outcome outcome, String cause, String reason)
      implements EventData {}

  /** A run ended for good; {@code metrics} is the value by column of results.csv. */
  record Finished(
      @JsonUnwrapped OfRun run,
      Outcome outcome,
      String cause,
      String reason,
      String startedAt,
      List<FoundCheck> checks,
      Map<String, Double> metrics)
      implements EventData {}

  /** A run is out of attempts; {@code letter} is the file to retry it with. */
  record DeadLettered(
      @JsonUnwrapped OfRun run,
      Outcome outcome,
      String cause,
      String reason,
      String startedAt,
      String letter)
      implements EventData {}

  /** A batch has ended, with the number of its runs by outcome, and the answers of its search. */
  record BatchFinished(
      @JsonUnwrapped OfBatch batch,
      int runs,
      int completed,
      int failed,
      int neither,
      OutcomeCounts outcomes,
      double seconds,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<SearchSummary> search)
      implements EventData {}

  /** A batch that has ended was compared as its config says. */
  record Compared(@JsonUnwrapped OfBatch batch, Verdict verdict, String sentence)
      implements EventData {}

  /** A target has not been ready for long. */
  record Parked(String target, String message, String since) implements EventData {}

  /** A target has refused a batch for long. */
  record Held(String batch, String folder, String target, String message, String since)
      implements EventData {}

  /** A disk of the results is nearly full. */
  record DiskLow(String message) implements EventData {}

  /** A worker that serves these pools has joined. */
  record WorkerJoined(String worker, List<String> pools) implements EventData {}

  /** A worker is gone, for the reason in the message. */
  record WorkerLost(String worker, String message) implements EventData {}
}
