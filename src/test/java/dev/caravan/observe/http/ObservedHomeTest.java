package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.storage.Json;
import dev.caravan.storage.RunFolder;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The health, the metrics and the identity that a monitor reads. */
class ObservedHomeTest {

  @TempDir private Path folder;

  private HomeServer server;

  @BeforeEach
  void start() throws Exception {
    server = new HomeServer(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void saysWhichCaravanItIs() throws Exception {
    // when
    JsonNode info = Json.MAPPER.readTree(server.get("/observe/info").body());

    // then
    assertThat(info.path("name").asText()).isEqualTo("caravan");
    assertThat(info.path("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
    assertThat(info.path("started_at").asText()).startsWith("20");
  }

  @Test
  void showsTheSameHealthEverywhere() throws Exception {
    // given
    server.health =
        List.of(
            new HealthResult("disk", false, "less than 1 MB is free"),
            new HealthResult("consumer:inbox-claim", true, ""));

    // then
    HttpResponse<String> reply = server.get("/observe/health");
    assertThat(reply.statusCode()).isEqualTo(503);
    assertThat(reply.body()).contains("DOWN", "less than 1 MB is free", "consumer:inbox-claim");
    assertThat(server.get("/observe/health/ready").statusCode()).isEqualTo(503);
    assertThat(server.get("/observe/health/live").statusCode()).isEqualTo(200);
    assertThat(server.get("/observe/metrics").body()).contains("caravan_healthy 0.0");
    assertThat(server.get("/").body()).contains("less than 1 MB is free");

    // when
    server.health = List.of(new HealthResult("disk", true, "enough"));

    // then
    assertThat(server.get("/observe/health").statusCode()).isEqualTo(200);
    assertThat(server.get("/observe/metrics").body()).contains("caravan_healthy 1.0");
  }

  @Test
  void countsFindingsByCheckAndLevel() throws Exception {
    // given
    Batch batch = server.trees.batch("counted", "concurrency: [1, 2]", "");
    Finding cache = new Finding("cache", Level.WARNING, 61, 10, "61 of 100 tokens", "");
    Finding odd = new Finding("of-another-version", Level.WARNING, 1, 1, "?", "");
    CheckResults found =
        new CheckResults(List.of(cache, odd), List.of("cache"), Map.of(), Map.of());
    server.trees.checked(batch.run(0), Outcome.SUCCEEDED, found, 100, 50);
    assertThat(server.get("/observe/metrics").body())
        .contains("caravan_findings_total{id=\"cache\",level=\"warning\"} 0.0")
        .contains("caravan_findings_total{id=\"samples\",level=\"note\"} 0.0");
    // when
    RunReport report =
        RunReport.ended(
            RunOrder.execute(batch.run(0).id(), batch.folder().toString(), 0),
            ProcessResult.head(new RunFolder(batch.run(0).folder()).processResult()).orElseThrow());
    server.updates.changed(new PipelineChange.Reported(report));
    // then
    assertThat(server.get("/observe/metrics").body())
        .contains("caravan_findings_total{id=\"cache\",level=\"warning\"} 1.0")
        .doesNotContain("of-another-version");
  }

  @Test
  void countsEveryAttemptThatEndedBeforeTheFirstScrape() throws Exception {
    // given
    int attempts = 1_500; // more than are kept for it
    RunOrder order = RunOrder.execute("gone/1/run", folder.resolve("gone").toString(), 0);
    RunReport lost = RunReport.lost(order, "the worker is gone", Duration.ZERO);
    // when
    for (int n = 0; n < attempts; n++) {
      server.updates.changed(new PipelineChange.Reported(lost));
    }
    // then
    assertThat(server.get("/observe/metrics").body())
        .contains("caravan_attempts_total{cause=\"lost\",outcome=\"failed\"} " + attempts + ".0")
        .contains("caravan_runs_total{cause=\"cache\",outcome=\"invalid\"} 0.0")
        .contains("caravan_attempts_total{cause=\"cache\",outcome=\"invalid\"} 0.0")
        .contains("caravan_runs_total{cause=\"lost\",outcome=\"failed\"} 0.0");
  }
}
