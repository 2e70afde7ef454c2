package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.pipeline.outcome.checks.Statistic;
import dev.caravan.storage.Json;
import dev.caravan.testing.SampleTree;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pages of batches, runs and names show. */
class BatchPagesTest {

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
  void showsBatchesOfEveryOutputFolder() throws Exception {
    // given: batches in two output folders of the home
    Batch here = server.trees.batch("same", "concurrency: [1, 2]", "");
    Batch there =
        server
            .trees
            .home()
            .accept(
                HomeServer.CONFIG.formatted("other", "elsewhere/deep")
                    + "sweeps: {concurrency: [1, 2]}\n");
    for (Batch batch : List.of(here, there)) {
      server.trees.succeeded(batch.run(0), 7, 9);
      server.trees.summarise(batch, true);
    }

    // then
    String list = server.get("/batches").body();
    for (Batch batch : List.of(here, there)) {
      assertThat(list).contains(batch.id());
      assertThat(server.get("/batches/" + batch.id()).body()).contains(batch.folder().toString());
      assertThat(server.get("/data/batches/" + batch.id()).body()).contains(batch.id());
      assertThat(server.get("/batches/" + batch.id() + "/runs/0").body()).contains("succeeded");
      assertThat(server.get("/api/v1/batches/" + batch.id() + "/files/summary.json").statusCode())
          .isEqualTo(200);
    }
    String both = here.id() + "," + there.id();
    JsonNode report =
        Json.MAPPER.readTree(server.get("/api/v1/report?format=json&batches=" + both).body());
    assertThat(report.findValuesAsText("id")).contains(here.id(), there.id());
    assertThat(server.get("/api/v1/find?name=other").body()).contains(there.id());
  }

  @Test
  void namesAllModelsAndServicesOfABatch() throws Exception {
    // given
    Batch batch =
        server.trees.batch(
            "models", "model: [big, small], url: [\"http://a:1\", \"http://b:2/v1\"]", "");

    // then
    assertThat(server.get("/batches/" + batch.id()).body())
        .contains("<dd>big, small</dd>", "<dd>http://a:1, http://b:2</dd>");
  }

  @Test
  void offersToCancelABatchWhoseRunsAreRetriedAfterItWasCancelled() throws Exception {
    // given
    Batch batch = server.trees.batch("again", "concurrency: [1, 2]", "");
    Control.Order ann = new Control.Order("ann", "wrong image");
    Control cancelled = Control.NONE.withCancellation(ann);
    ControlStore controls = new ControlStore(server.trees.home().files);
    controls.write(batch, cancelled);
    assertThat(server.get("/batches/" + batch.id()).body())
        .contains("Cancelled by ann")
        .doesNotContain("id=\"cancel\"");

    // when
    controls.write(batch, cancelled.withReruns(Map.of(0, 0), ann));

    // then
    assertThat(server.get("/batches/" + batch.id()).body())
        .contains("id=\"cancel\"")
        .doesNotContain("Cancelled by ann");
  }

  @Test
  void callsAFinishedBatchCancelledWhileARunOfItIs() throws Exception {
    // given
    Batch one = server.trees.batch("one", "concurrency: [1, 2]", "");
    Batch none = server.trees.batch("none", "concurrency: [1, 2]", "");
    Control.Order ann = new Control.Order("ann", "wrong image");
    for (Batch batch : List.of(one, none)) {
      new ControlStore(server.trees.home().files)
          .write(batch, Control.NONE.withCancellation(ann).withReruns(Map.of(0, 0), ann));
      server.trees.succeeded(batch.run(0), 100, 50);
    }

    // when
    server.trees.ended(one.run(1), Outcome.CANCELLED, "", "");
    server.trees.succeeded(none.run(1), 200, 60);
    server.trees.summarise(one, true);
    server.trees.summarise(none, true);

    // then
    assertThat(server.get("/batches/" + one.id()).body()).contains("Cancelled by ann");
    assertThat(server.get("/batches/" + none.id()).body()).doesNotContain("Cancelled by ann");
  }

  @Test
  void showsWhatTheChecksFoundOnThePageOfARun() throws Exception {
    // given
    Batch batch = server.trees.batch("checked", "concurrency: [1, 2]", "");
    Finding cache =
        new Finding("cache", Level.WARNING, 61, 10, "61 of <100> tokens", "vary_prompts: true");
    Finding samples = new Finding("samples", Level.NOTE, 40, 368, "40 requests are too few", "");
    server.trees.checked(
        batch.run(0),
        Outcome.SUCCEEDED,
        new CheckResults(
            List.of(cache, samples),
            List.of("cache", "samples"),
            Map.of("clock", "no marks of phases"),
            Map.of(Statistic.TTFT_P99_LOW, 48.0, Statistic.TTFT_P99_HIGH, 55.0)),
        100,
        50);
    server.trees.summarise(batch, true);
    // when
    String page = server.get("/batches/" + batch.id() + "/runs/0").body();
    // then
    assertThat(page)
        .contains("! cache</strong> (warning): 61 of &lt;100&gt; tokens. Advice:")
        .contains("<code>vary_prompts: true</code>")
        .contains("cache finds: ", "Notes: samples", "no marks of phases")
        .contains("50 ms [48, 55]");
  }

  @ParameterizedTest
  @CsvSource({
    "FAIL, '<p class=\"verdict fail\" role=\"alert\">FAIL b/1 &lt;x&gt;</p>'",
    "PASS, '<p class=\"verdict pass\">PASS b/1 &lt;x&gt;</p>'",
    "INCONCLUSIVE, '<p class=\"verdict inconclusive\">INCONCLUSIVE b/1 &lt;x&gt;</p>'"
  })
  void givesTheVerdictOnABatchItsColour(String verdict, String line) throws Exception {
    // given
    Batch batch = server.trees.batch("compared", "concurrency: [1]", "");
    server.trees.succeeded(batch.run(0), 100, 50);
    server.trees.summarise(batch, true);
    SampleTree.write(
        batch.folder().resolve("comparison.json"),
        "{\"verdict\": \"%s\", \"sentence\": \"%s b/1 <x>\"}".formatted(verdict, verdict));

    // when
    String page = server.get("/batches/" + batch.id()).body();

    // then
    assertThat(page).contains(line);
  }

  @Test
  void showsASlowNightInTheOverviewAndOnThePageOfItsName() throws Exception {
    // given
    for (double speed : List.of(1000.0, 1001.0, 999.0, 1002.0, 1000.5, 850.0)) {
      Batch batch = server.trees.batch("night <ly>", "concurrency: [1, 2]", "commit: abc1234");
      server.trees.succeeded(batch.run(0), speed / 2, 20);
      server.trees.succeeded(batch.run(1), speed, 40);
      server.trees.summarise(batch, true);
    }

    // when
    String overview = server.get("/").body();
    HttpResponse<String> trend = server.get("/trend/night%20%3Cly%3E");

    // then
    assertThat(overview)
        .contains("15.0 % slower than usual")
        .contains("href=\"/trend/night%20%3Cly%3E\"")
        .contains("<svg class=\"cv-spark\"", "<polygon class=\"bad\"")
        .contains("Best tokens/s of 6 batches: 850 to 1,002, the newest 850");
    assertThat(trend.statusCode()).isEqualTo(200);
    assertThat(trend.body())
        .contains("<svg class=\"cv-trend\"", "abc1234", "night &lt;ly&gt;")
        .doesNotContain("<ly>", "<style");
    assertThat(server.get("/trend/absent").statusCode()).isEqualTo(404);
    JsonNode status = Json.MAPPER.readTree(server.get("/api/v1/status").body());
    assertThat(status.at("/last_batch/outcomes").asText()).isEqualTo("2 succeeded");
  }
}
