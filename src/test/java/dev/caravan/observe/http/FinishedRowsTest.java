package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the API tells of the runs of a batch that has finished: its table keeps no reasons. */
class FinishedRowsTest {

  private static final CheckResults CACHED =
      new CheckResults(
          List.of(new Finding("cache", Level.WARNING, 90, 10, "prompts were cached", "vary them")),
          List.of("cache"),
          Map.of(),
          Map.of());

  @TempDir private Path folder;

  @AutoClose private HomeServer server;

  private Batch batch;

  @BeforeEach
  void prepare() throws IOException {
    server = new HomeServer(folder);
    batch = server.trees.batch("b", "concurrency: [1, 2, 3, 4, 5]", "");
  }

  @Test
  void tellsWhyRunsDidNotSucceed() throws Exception {
    // given
    server.trees.succeeded(batch.run(0), 100, 50);
    server.trees.ended(batch.run(1), Outcome.FAILED, "crashed", "aiperf exited 3: out of memory");
    server.trees.ended(batch.run(2), Outcome.TIMED_OUT, "", "still running after 60 s");
    server.trees.ended(batch.run(3), Outcome.DEGRADED, "", "5 of 100 requests failed");
    server.trees.ended(batch.run(4), Outcome.FAILED, "lost", "x".repeat(1000));
    server.trees.summarise(batch, true);
    // when
    List<String> reasons = runs("").findValuesAsText("reason");
    // then
    assertThat(reasons)
        .startsWith(
            "",
            "aiperf exited 3: out of memory",
            "still running after 60 s",
            "5 of 100 requests failed");
    assertThat(reasons.get(4)).as("as of a batch that goes on").hasSize(200);
    assertThat(runs("?offset=2&limit=1").findValuesAsText("reason"))
        .containsExactly("still running after 60 s");
  }

  @Test
  void tellsWhatTheChecksFound() throws Exception {
    // given
    server.trees.checked(batch.run(0), Outcome.SUCCEEDED, CACHED, 100, 50);
    server.trees.summarise(batch, true);
    // then
    JsonNode check = runs("").get(0).path("checks").get(0);
    assertThat(check.path("message").asText()).isEqualTo("prompts were cached");
    assertThat(check.path("advice").asText()).isEqualTo("vary them");
  }

  @Test
  void tellsNoReasonOfAnotherAttempt() throws Exception {
    // given: the table is of a run that ended in another way since
    server.trees.ended(batch.run(0), Outcome.TIMED_OUT, "", "too slow");
    server.trees.summarise(batch, true);
    server.trees.ended(batch.run(0), Outcome.FAILED, "crashed", "exited 3");
    // then
    assertThat(runs("").findValuesAsText("reason")).containsExactly("");
  }

  @Test
  void showsRowsThatNothingMoreIsKnownOf() throws Exception {
    // given
    for (int run = 0; run < 2; run++) {
      server.trees.ended(batch.run(run), Outcome.FAILED, "crashed", "exited 3");
    }
    server.trees.summarise(batch, true);
    server.trees.home().files.delete(batch.run(0).folder());
    // then
    assertThat(runs("").findValuesAsText("reason")).containsExactly("", "exited 3");
  }

  private JsonNode runs(String query) throws Exception {
    String body = server.get("/api/v1/batches/" + batch.id() + query).body();
    return Json.MAPPER.readTree(body).path("runs");
  }
}
