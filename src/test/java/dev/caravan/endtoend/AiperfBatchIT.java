package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.cli.ExecutedCommand;
import dev.caravan.testing.Chromium;
import dev.caravan.testing.ProcFs;
import dev.caravan.testing.Program;
import dev.caravan.testing.Results;
import dev.caravan.tools.simulator.BearerAuth;
import dev.caravan.tools.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A batch that the real aiperf completes with an API key, which must not leak: its results, lists,
 * reports and CI files, and what programs read that were written for {@code run_aiperf.py}.
 */
class AiperfBatchIT extends AiperfTestBase {

  private static final String SWEEP =
      """
        api_key_env_var: SIMULATED_API_KEY
        aiperf_options: {goodput: ["time_to_first_token:500"]}
      sweeps: {concurrency: [1, 3]}
      """;
  private static final List<String> RUNS = List.of("concurrency1", "concurrency3");

  private static Simulator llm;
  private static Program run;
  private static Path batch;
  private static int looksAtAiperf;

  @BeforeAll
  static void runABatch() throws IOException {
    llm = simulator(options().withKey(new BearerAuth(KEY)));
    caravan.write("real.yaml", config(llm.url(), SWEEP));
    run = caravan.start("run", "--config-file", "real.yaml", "--json", "--junit", "junit.xml");
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              looksAtAiperf += caravan.runProcesses().size();
              assertThat(ProcFs.withCommandLine(KEY)).isEmpty();
              return isFirstRunDone() || !run.isRunning();
            });
    run.exit(PATIENCE);
    batch = caravan.batch("real");
  }

  private static boolean isFirstRunDone() {
    return caravan.batches("real").stream()
        .map(started -> started.resolve(RUNS.get(0)).resolve("process_result.json"))
        .anyMatch(Files::exists);
  }

  @AfterAll
  static void stopService() {
    llm.close();
  }

  @Test
  void storesSucceededRuns() throws IOException {
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.log()).contains("INFO: Run 1 completed successfully");
    for (String name : RUNS) {
      JsonNode result = Results.result(batch.resolve(name));
      assertThat(result.path("status").asText()).isEqualTo("succeeded");
      assertThat(result.path("cause").asText()).isEmpty();
      assertThat(result.path("returncode").asInt(-1)).isZero();
      assertThat(result.path("final").asBoolean()).isTrue();
      assertThat(result.path("aiperf_version").asText()).isEqualTo("0.13.0");
      assertThat(result.path("stdout").asText()).contains("AIPerf System");
      assertThat(tree(batch.resolve(name))).containsAll(OF_EVERY_RUN).containsAll(OF_AIPERF);
    }
    assertThat(tree(batch)).containsAll(OF_THE_BATCH).contains("report.html");
    assertThat(Files.readAllLines(batch.resolve("results.csv")).get(1))
        .startsWith("0,")
        .contains(",succeeded,");
    assertNothingLeft();
  }

  @Test
  void passesTheKeyToAiperfWithoutLeakingIt() throws IOException {
    assertThat(llm.counts().responses(200)).isGreaterThan(3);
    assertThat(llm.counts().responses(401)).isZero();
    assertThat(Results.result(batch.resolve(RUNS.get(0))).path("args").toString())
        .contains("--api-key\",\"$SIMULATED_API_KEY");
    assertThat(looksAtAiperf).isPositive();
    assertKeyNotLeaked(run);
  }

  @Test
  void writesFilesForCi() throws IOException {
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.at("/batches/0/points")).hasSize(2);
    assertThat(Files.readString(caravan.home().resolve("junit.xml")))
        .contains("tests=\"2\" failures=\"0\"");
  }

  @Test
  void listsTheBatchWithItsBestPoint() throws IOException {
    // when
    ExecutedCommand list = caravan.execute("list", "--json");

    // then
    JsonNode entry = new ObjectMapper().readTree(list.out()).get(0);
    assertThat(entry.path("outcomes").path("succeeded").asInt()).isEqualTo(2);
    assertThat(entry.path("best_throughput").asDouble()).isPositive();
    String best =
        RUNS.stream()
            .max(Comparator.comparingDouble(name -> throughput(batch.resolve(name))))
            .orElseThrow();
    assertThat(entry.path("best_point").asText()).isEqualTo(best);
  }

  /** On a busy machine more clients need not get more out of a service. */
  private static double throughput(Path run) {
    return Results.json(run.resolve("profile_export_aiperf.json"))
        .at("/output_token_throughput/avg")
        .asDouble();
  }

  @Test
  void reportsInMarkdown() {
    ExecutedCommand markdown =
        caravan.execute(
            "report", "latest", "--format", "md", "--metrics", "goodput_rps,ttft_ms_p99");
    assertThat(markdown.exit()).as(markdown.err()).isZero();
    assertThat(markdown.out())
        .contains("| concurrency | Goodput (req/s) | TTFT p99 (ms) |", "2 of 2 runs completed");
  }

  /** run_aiperf.py writes the same folders without batch.json, and other process results. */
  @Test
  void reportsATreeOfRunAiperfPy() throws IOException {
    // given
    Path old = caravan.home().resolve("old/real/20250101_000000");
    for (String name : RUNS) {
      Files.createDirectories(old.resolve(name));
      for (String file :
          List.of("run_metadata.json", "profile_export_aiperf.json", "profile_export.jsonl")) {
        Files.copy(batch.resolve(name).resolve(file), old.resolve(name).resolve(file));
      }
      Files.writeString(
          old.resolve(name).resolve("process_result.json"),
          "{\"args\": [], \"returncode\": 0, \"stdout\": \"\", \"stderr\": \"\"}");
    }

    // when
    Program report = caravan.run("report", "old", "--format", "json");

    // then
    JsonNode points = new ObjectMapper().readTree(report.out()).at("/batches/0/points");
    assertThat(points)
        .extracting(point -> point.path("state").asText())
        .as("disturbed when this machine is too busy for a client: an old tree has no config")
        .hasSize(2)
        .isSubsetOf("succeeded", "degraded", "invalid");
    assertThat(caravan.run("report", "old", "real").lastLine()).isEmpty();
    assertThat(caravan.home().resolve("report.html")).exists();
  }

  @Test
  void oldReadersReadIt(@TempDir Path scratch) throws Exception {
    assertThat(OldReader.read(scratch, batch + "/*/"))
        .satisfiesExactly(
            one -> assertThat(one).matches("concurrency1 rc=0 requests=[\\d.]+ rps=[\\d.]+"),
            three -> assertThat(three).matches("concurrency3 rc=0 requests=[\\d.]+ rps=[\\d.]+"));
  }

  @Test
  void drawsItsReport(@TempDir Path scratch) {
    // given
    Optional<Chromium> chromium = Chromium.find(scratch);
    assumeTrue(chromium.isPresent(), "no Chromium here: the report was not opened in a browser");

    // when
    Chromium.Page page = chromium.get().open(batch.resolve("report.html"));

    // then
    assertThat(page.dom())
        .as("a service of this machine may be slower than 500 ms when that is busy")
        .containsPattern(
            "highest concurrency with TTFT p99 ≤ 500 ms: [13]|no point meets TTFT p99 ≤ 500 ms")
        .contains("Peak throughput", "Best within limits", "Errors and findings")
        .contains("title=\"Show its requests\"")
        .contains("n = ")
        .contains("aria-label=\"Time to first token\"")
        .contains("scope=\"row\" class=\"cv-state cv-succeeded\"");
    assertThat(page.console()).isEmpty();
  }
}
