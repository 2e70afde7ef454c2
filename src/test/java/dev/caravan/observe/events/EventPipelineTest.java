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
import dev.caravan.pipeline.outcome.AiperfExport;
import dev.caravan.pipeline.outcome.BatchResults;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ResultRow;
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

/** What is told of batches and runs, and what the next life tells in place of a killed one. */
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
  private ScratchHome life;
  private Batch batch;

  @BeforeEach
  void prepare() throws Exception {
    life = new ScratchHome(folder);
    batch = life.accept(CONFIG);
  }

  @Test
  void writesNothingWhereNobodyAskedForEvents() throws Exception {
    try (EventPipeline stage = stage(List.of())) {
      stage.restore(life.open, life.batches);
      stage.events().accepted(batch);
      stage.events().finished(batch, summary());
      assertThat(ids(stage)).hasSize(2);
    }
    assertThat(life.home.outbox()).doesNotExist();
  }

  @Test
  void tellsTheEndOfARunWithItsOutcomeAndFigures() throws Exception {
    try (EventPipeline stage = stage()) {
      // when
      end(batch.run(0), "failed", 2, 10);
      stage.events().ended(batch.run(0), row(batch.run(0)));
      // then
      assertThat(ids(stage))
          .containsExactly(
              batch.run(0).id() + ":2:run.dead-lettered", batch.run(0).id() + ":2:run.finished");
      assertThat(events(stage).get(0).at("/data/letter").asText())
          .isEqualTo("inbox/.dead/" + batch.id().replace('/', '.') + ".0.yaml");
      JsonNode event = events(stage).get(1);
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
  void numbersTheEndsOfABatchThatIsDoneAgain() throws Exception {
    try (EventPipeline stage = stage()) {
      stage.events().finished(batch, summary());
      stage.events().finished(batch, summary());
      Control again = Control.NONE.againBy(Map.of(0, 1), new Control.Order("ann", "", "r"));
      new ControlStore(new DurableFiles()).write(batch, again);
      stage.events().finished(batch, summary());
      assertThat(ids(stage))
          .containsExactly(batch.id() + ":1:batch.finished", batch.id() + ":2:batch.finished");
    }
  }

  @Test
  void tellsInTheNextLifeWhatTheTreeImpliesAndTheOutboxLacks() throws Exception {
    // given
    try (EventPipeline stage = stage()) {
      stage.events().accepted(batch);
      end(batch.run(1), "succeeded", 1, 5);
      stage.events().ended(batch.run(1), row(batch.run(1)));
    }
    end(batch.run(3), "failed", 2, 20);
    end(batch.run(0), "succeeded", 1, 30);
    Batch other = life.accept(CONFIG.replace("batch_name: b", "batch_name: other"));
    // when
    try (EventPipeline stage = stage()) {
      stage.restore(life.open, life.batches);
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
    try (EventPipeline stage = stage()) {
      assertThat(ids(stage)).containsExactlyElementsOf(expected);
      // when
      stage.restore(life.open, life.batches);
      // then
      assertThat(ids(stage)).containsExactlyElementsOf(expected);
    }
  }

  @Test
  void tellsTheSameWhetherAtOnceOrInTheNextLife() throws Exception {
    // given
    end(batch.run(2), "failed", 1, 7);
    try (EventPipeline stage = stage()) {
      stage.events().accepted(batch);
      stage.events().ended(batch.run(2), row(batch.run(2)));
      stage.feed().close();
    }
    List<JsonNode> atOnce = kept();
    life.files.delete(life.home.outbox());
    // when
    try (EventPipeline stage = stage()) {
      stage.restore(life.open, life.batches);
    }
    // then
    assertThat(kept()).isEqualTo(atOnce).hasSize(3);
  }

  @Test
  void looksAgainAtRunsThatWereOrderedAgain() throws Exception {
    // given
    try (EventPipeline stage = stage()) {
      stage.events().accepted(batch);
      end(batch.run(0), "failed", 1, 5);
      stage.events().ended(batch.run(0), row(batch.run(0)));
    }
    Control again = Control.NONE.againBy(Map.of(0, 1), new Control.Order("ann", "", "r"));
    new ControlStore(new DurableFiles()).write(batch, again);
    end(batch.run(0), "succeeded", 2, 50);
    // when
    try (EventPipeline stage = stage()) {
      stage.restore(life.open, life.batches);
      stage.events().finished(batch, summary());
      // then
      assertThat(ids(stage)).contains(batch.run(0).id() + ":2:run.finished");
    }
  }

  @Test
  void staysSmallWhateverAConfigHolds() throws Exception {
    try (EventPipeline stage = stage()) {
      // when
      List<Problem> problems =
          Collections.nCopies(5000, new Problem(1, 1, "k".repeat(100_000), "v".repeat(100_000)));
      stage
          .events()
          .refused(life.claim("bad.yaml", "x"), new ConfigRefusedException("bad.yaml", problems));
      // then
      StoredEvent event = stage.feed().after(0, 9).get(0);
      assertThat(event.type()).isEqualTo("dev.caravan.config.refused");
      assertThat(event.json().length()).isLessThan(20_000);
      assertThat(MAPPER.readTree(event.json()).at("/data/problem_count").asInt()).isEqualTo(5000);
    }
  }

  private EventPipeline stage() throws IOException {
    return stage(List.of("receiver"));
  }

  private EventPipeline stage(List<String> receivers) throws IOException {
    return new EventPipeline(
        life.home, life.files, ScratchHome.OWNER, receivers, !receivers.isEmpty());
  }

  private static List<String> ids(EventPipeline stage) throws IOException {
    return events(stage).stream().map(event -> event.path("id").asText()).toList();
  }

  /** What is kept once all that was told so far is. */
  private static List<JsonNode> events(EventPipeline stage) throws IOException {
    String mark = "mark" + System.nanoTime();
    stage.feed().addNow(SomeEvents.event(EventType.WORKER_JOINED, "", mark, Map.of()));
    List<JsonNode> events = new ArrayList<>();
    for (StoredEvent recorded : stage.feed().after(0, 99)) {
      if (!recorded.is(EventType.WORKER_JOINED)) {
        events.add(MAPPER.readTree(recorded.json()));
      }
    }
    return events;
  }

  private List<JsonNode> kept() throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (StoredEvent recorded : Journal.in(life.home.outbox(), life.files).after(0, 99)) {
      events.add(MAPPER.readTree(recorded.json()));
    }
    return events;
  }

  private BatchSummary summary() {
    OffsetDateTime start = OffsetDateTime.parse("2026-11-24T12:00:00+01:00");
    return BatchSummary.of(
        batch.id(), 4, new BatchResults(List.of()), start, Optional.of(start.plusHours(1)));
  }

  private static ResultRow row(Run run) {
    return ResultRow.of(
        run.index(),
        run.folderName(),
        run.sweepValues(),
        run.parameters(),
        ProcessResult.head(new RunFolder(run.folder()).processResult()).orElseThrow(),
        AiperfExport.read(run.folder()).export());
  }

  /** Leaves what an attempt leaves that ended for good so many seconds after noon. */
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
