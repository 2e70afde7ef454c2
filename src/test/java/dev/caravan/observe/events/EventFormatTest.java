package dev.caravan.observe.events;

import dev.caravan.analysis.Verdict;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.Problem;
import dev.caravan.model.Batch;
import dev.caravan.model.Claim;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.outcome.AiperfExport;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.Rows;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.storage.Json;
import dev.caravan.testing.Golden;
import dev.caravan.testing.SampleTree;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JSON of every type of event, which receivers read. */
class EventFormatTest {

  private static final OffsetDateTime NOON = OffsetDateTime.parse(Golden.DAY + "T12:00:00+01:00");

  @TempDir private Path folder;

  @Test
  void writesEveryTypeOfEvent() throws Exception {
    // given
    SampleTree trees = new SampleTree(folder);
    Batch batch = trees.batch("b", "concurrency: [1, 2]", "gpu: h100, engine: vllm");
    Finding cache = new Finding("cache", Level.WARNING, 61, 10, "61 of 100 tokens", "a: b");
    CheckResults checks = new CheckResults(List.of(cache), List.of("cache"), Map.of(), Map.of());
    trees.checked(batch.run(0), Outcome.SUCCEEDED, checks, 100, 50);
    Head checked = head(Outcome.SUCCEEDED, "", List.of(), checks);
    Head failed = head(Outcome.FAILED, "crashed", List.of("out of memory", "exit 1"));
    EventFactory factory = new EventFactory(trees.home().home, "home-1");
    List<Event> events = new ArrayList<>();
    // when
    events.add(factory.accepted(batch));
    Claim claim = trees.home().claim("x.yaml", "x");
    events.add(
        factory.refused(
            claim,
            new ConfigRefusedException(
                "x.yaml", List.of(new Problem(3, 1, "base_config.url", "is missing")))));
    events.add(factory.started(batch.run(0), 1));
    events.add(factory.retrying(batch.run(1), failed));
    events.addAll(factory.ended(batch.run(0), row(batch, 0, checked)));
    events.addAll(factory.ended(batch.run(1), row(batch, 1, failed)));
    events.add(
        factory.finished(
            batch,
            BatchSummary.of(batch.id(), 2, Rows.noRows(), NOON, Optional.of(NOON.plusSeconds(90))),
            1));
    events.add(
        factory.compared(
            new PipelineChange.Compared(batch, Verdict.FAIL, "FAIL b/1: it got slower", 1)));
    events.add(
        factory.parked(
            new PipelineChange.LongOutage(
                "http://h:1", NOON.toString(), "refused the connection")));
    events.add(
        factory.held(
            new PipelineChange.LongRefusal(
                batch.id(), batch.folder().toString(), "http://h:1", NOON.toString(), "404")));
    events.add(factory.diskLow("less than 1 GB is free"));
    events.add(factory.joined(new PipelineChange.WorkerJoined("w-1", List.of("default", "a"))));
    events.add(factory.lost(new PipelineChange.WorkerLost("w-1", "no heartbeat")));
    // then
    StringBuilder text = new StringBuilder();
    for (Event event : events) {
      String json = CloudEventJson.write(7, event).json();
      text.append(Json.text(Json.MAPPER.readTree(json))).append('\n');
    }
    Golden.assertText(
        "observe/events/events.json",
        Golden.masked(text.toString(), batch, trees.home().home.root(), "submitted_by")
            .replace(claim.id(), "CLAIM"));
  }

  private static Head head(Outcome outcome, String cause, List<String> reasons) {
    return head(outcome, cause, reasons, CheckResults.NONE);
  }

  private static Head head(
      Outcome outcome, String cause, List<String> reasons, CheckResults checks) {
    return new Head(
        outcome,
        cause,
        reasons,
        2,
        true,
        Optional.empty(),
        NOON,
        NOON.plusSeconds(10),
        Duration.ofMillis(10_250),
        "0.13.0",
        checks);
  }

  private static ResultRow row(Batch batch, int index, Head head) {
    return ResultRow.of(
        batch.run(index), head, AiperfExport.read(batch.run(index).folder()).export());
  }
}
