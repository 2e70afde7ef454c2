package dev.caravan.observe.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.Problem;
import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.Run;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.outcome.AiperfExport;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.Rows;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of batches and runs, published at once or recovered after a kill. */
class EventPipelineTest {

  private static final String CONFIG =
      """
      batch_name: b
      labels: {gpu: h100}
      base_config:
        model: m
        url: http://localhost:8000
        api_key_env_var: SET_API_KEY
        warmup_request_count: 1
        benchmark_duration: 1
        concurrency: 1
      sweeps: {concurrency: [1, 2, 3, 4]}
      """;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir private Path folder;
  private ScratchHome scratch;
  private Batch batch;

  @BeforeEach
  void prepare() throws Exception {
    scratch = new ScratchHome(folder);
    batch = scratch.accept(CONFIG);
  }

  @Test
  void writesNoFileWithoutReceivers() throws Exception {
    try (EventPipeline pipeline = pipeline(List.of())) {
      pipeline.restore(scratch.open, scratch.batches);
      pipeline.events().changed(new PipelineChange.Accepted(batch));
      pipeline.events().changed(new PipelineChange.Finished(batch, summary()));
      assertThat(ids(pipeline)).hasSize(2);
    }
    assertThat(scratch.home.outbox()).doesNotExist();
  }

  @Test
  void publishesAFinishedRunWithItsOutcomeAndMetrics() throws Exception {
    try (EventPipeline pipeline = pipeline()) {
      // when
      end(batch.run(0), "failed", 2, 10);
      pipeline.events().changed(new PipelineChange.Ended(batch.run(0), row(batch.run(0))));
      // then
      assertThat(ids(pipeline))
          .containsExactly(
              batch.run(0).id() + ":2:run.dead-lettered", batch.run(0).id() + ":2:run.finished");
      assertThat(events(pipeline).get(0).at("/data/letter").asText())
          .isEqualTo("inbox/.dead/" + batch.id().replace('/', '.') + ".0.yaml");
      JsonNode event = events(pipeline).get(1);
      assertThat(event.path("source").asText())
          .isEqualTo("urn:caravan:" + ScratchHome.OWNER.home() + "/aiperf_results");
      assertThat(event.path("subject").asText()).isEqualTo(batch.run(0).id());
      assertThat(event.path("time").asText()).isEqualTo("2026-11-24T12:00:10+01:00");
      JsonNode data = event.path("data");
      assertThat(data.path("outcome").asText()).isEqualTo("failed");
      assertThat(data.path("cause").asText()).isEqualTo("crashed");
      assertThat(data.path("sweep").path("concurrency").asInt()).isEqualTo(1);
      assertThat(data.path("labels").path("gpu").asText()).isEqualTo("h100");
      assertThat(data.path("metrics").path("requests").asInt()).isEqualTo(42);
      assertThat(data.path("folder").asText()).endsWith("/concurrency1");
    }
  }

  @Test
  void numbersTheCompletionsOfARetriedBatch() throws Exception {
    try (EventPipeline pipeline = pipeline()) {
      pipeline.events().changed(new PipelineChange.Finished(batch, summary()));
      pipeline.events().changed(new PipelineChange.Finished(batch, summary()));
      Control retry = Control.NONE.withReruns(Map.of(0, 1), new Control.Order("ann", "", "r"));
      new ControlStore(new DurableFiles()).write(batch, retry);
      pipeline.events().changed(new PipelineChange.Finished(batch, summary()));
      assertThat(ids(pipeline))
          .containsExactly(batch.id() + ":1:batch.finished", batch.id() + ":2:batch.finished");
    }
  }

  @Test
  void recoversEventsFromTheTreeThatTheJournalLacks() throws Exception {
    // given
    try (EventPipeline pipeline = pipeline()) {
      pipeline.events().changed(new PipelineChange.Accepted(batch));
      end(batch.run(1), "succeeded", 1, 5);
      pipeline.events().changed(new PipelineChange.Ended(batch.run(1), row(batch.run(1))));
    }
    end(batch.run(3), "failed", 2, 20);
    end(batch.run(0), "succeeded", 1, 30);
    Batch other = scratch.accept(CONFIG.replace("batch_name: b", "batch_name: other"));
    // when
    try (EventPipeline pipeline = pipeline()) {
      pipeline.restore(scratch.open, scratch.batches);
    }
    // then
    List<String> expected =
        List.of(
            batch.id() + ":1:batch.accepted",
            batch.run(1).id() + ":1:run.finished",
            batch.run(3).id() + ":2:run.dead-lettered",
            batch.run(3).id() + ":2:run.finished",
            batch.run(0).id() + ":1:run.finished",
            other.id() + ":1:batch.accepted");
    try (EventPipeline pipeline = pipeline()) {
      assertThat(ids(pipeline)).containsExactlyElementsOf(expected);
      // when
      pipeline.restore(scratch.open, scratch.batches);
      // then
      assertThat(ids(pipeline)).containsExactlyElementsOf(expected);
    }
  }

  @Test
  void recoversTheSameEventsAsWouldHaveBeenPublished() throws Exception {
    // given
    end(batch.run(2), "failed", 1, 7);
    try (EventPipeline pipeline = pipeline()) {
      pipeline.events().changed(new PipelineChange.Accepted(batch));
      pipeline.events().changed(new PipelineChange.Ended(batch.run(2), row(batch.run(2))));
      pipeline.feed().close();
    }
    List<JsonNode> published = storedEvents();
    scratch.files.delete(scratch.home.outbox());
    // when
    try (EventPipeline pipeline = pipeline()) {
      pipeline.restore(scratch.open, scratch.batches);
    }
    // then
    assertThat(storedEvents()).isEqualTo(published).hasSize(3);
  }

  @Test
  void recoversEventsOfRetriedRuns() throws Exception {
    // given
    try (EventPipeline pipeline = pipeline()) {
      pipeline.events().changed(new PipelineChange.Accepted(batch));
      end(batch.run(0), "failed", 1, 5);
      pipeline.events().changed(new PipelineChange.Ended(batch.run(0), row(batch.run(0))));
    }
    Control retry = Control.NONE.withReruns(Map.of(0, 1), new Control.Order("ann", "", "r"));
    new ControlStore(new DurableFiles()).write(batch, retry);
    end(batch.run(0), "succeeded", 2, 50);
    // when
    try (EventPipeline pipeline = pipeline()) {
      pipeline.restore(scratch.open, scratch.batches);
      pipeline.events().changed(new PipelineChange.Finished(batch, summary()));
      // then
      assertThat(ids(pipeline)).contains(batch.run(0).id() + ":2:run.finished");
    }
  }

  @Test
  void boundsTheSizeOfAnEvent() throws Exception {
    try (EventPipeline pipeline = pipeline()) {
      // when
      List<Problem> problems =
          Collections.nCopies(5000, new Problem(1, 1, "k".repeat(10_000), "v".repeat(10_000)));
      pipeline
          .events()
          .changed(
              new PipelineChange.Refused(
                  scratch.claim("bad.yaml", "x"),
                  new ConfigRefusedException("bad.yaml", problems)));
      // then
      StoredEvent event = pipeline.feed().after(0, 9).get(0);
      assertThat(event.type()).isEqualTo("dev.caravan.config.refused");
      assertThat(event.json().length()).isLessThan(20_000);
      assertThat(MAPPER.readTree(event.json()).at("/data/problem_count").asInt()).isEqualTo(5000);
    }
  }

  private EventPipeline pipeline() throws IOException {
    return pipeline(List.of("receiver"));
  }

  private EventPipeline pipeline(List<String> receivers) throws IOException {
    return new EventPipeline(
        scratch.home, scratch.files, ScratchHome.OWNER, receivers, !receivers.isEmpty());
  }

  private static List<String> ids(EventPipeline pipeline) throws IOException {
    return events(pipeline).stream().map(event -> event.path("id").asText()).toList();
  }

  /** All stored events, once those added so far are stored. */
  private static List<JsonNode> events(EventPipeline pipeline) throws IOException {
    String marker = "marker" + System.nanoTime();
    pipeline.feed().addAndWait(SampleEvents.event(EventType.WORKER_JOINED, "", marker, Map.of()));
    List<JsonNode> events = new ArrayList<>();
    for (StoredEvent stored : pipeline.feed().after(0, 99)) {
      if (!stored.is(EventType.WORKER_JOINED)) {
        events.add(MAPPER.readTree(stored.json()));
      }
    }
    return events;
  }

  private List<JsonNode> storedEvents() throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (StoredEvent stored : Journal.in(scratch.home.outbox(), scratch.files).after(0, 99)) {
      events.add(MAPPER.readTree(stored.json()));
    }
    return events;
  }

  private BatchSummary summary() {
    OffsetDateTime start = OffsetDateTime.parse("2026-11-24T12:00:00+01:00");
    return BatchSummary.of(batch.id(), 4, Rows.noRows(), start, Optional.of(start.plusHours(1)));
  }

  private static ResultRow row(Run run) {
    return ResultRow.of(
        run,
        ProcessResult.head(new RunFolder(run.folder()).processResult()).orElseThrow(),
        AiperfExport.read(run.folder()).export());
  }

  /** Writes the files of a final attempt that ended so many seconds after noon. */
  private static void end(Run run, String status, int attempt, int seconds) throws IOException {
    Files.createDirectories(run.folder());
    Files.writeString(
        run.folder().resolve("profile_export_aiperf.json"),
        "{\"request_count\":{\"unit\":\"requests\",\"avg\":42}}");
    Files.writeString(
        run.folder().resolve("process_result.json"),
        """
        {"status": "%s", "cause": "%s", "reasons": ["for this test"], "attempt": %d,
         "final": true, "started_at": "2026-11-24T12:00:00+01:00",
         "ended_at": "2026-11-24T12:00:%02d+01:00", "duration_seconds": %d,
         "aiperf_version": "0.13.0"}
        """
            .formatted(
                status, status.equals("failed") ? "crashed" : "", attempt, seconds, seconds));
  }
}
