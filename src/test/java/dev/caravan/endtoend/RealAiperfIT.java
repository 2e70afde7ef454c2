package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.Program;
import dev.caravan.tools.simulator.Fault;
import dev.caravan.tools.simulator.Simulator;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The whole program with the real aiperf: every outcome of a run. */
class RealAiperfIT extends RealAiperfTestBase {

  @Test
  void storesASucceededRun() throws IOException {
    try (Simulator llm = simulator(options())) {
      // when
      Program run = run(config(llm.url(), "").replace("readiness: {preflight: false}\n", ""));

      // then
      assertThat(run.exit()).as(run.err()).isZero();
      assertThat(run.log()).contains("INFO: Run completed successfully");
      JsonNode result = result();
      assertThat(result.path("status").asText()).isEqualTo("succeeded");
      assertThat(result.path("cause").asText()).isEmpty();
      assertThat(result.path("returncode").asInt(-1)).isZero();
      assertThat(result.path("final").asBoolean()).isTrue();
      assertThat(result.path("aiperf_version").asText()).isEqualTo("0.13.0");
      assertThat(result.path("stdout").asText()).contains("AIPerf System");
      assertThat(tree()).containsAll(OF_EVERY_RUN).containsAll(OF_AIPERF).containsAll(OF_THE_BATCH);
      assertThat(llm.counts().responses(200)).isGreaterThan(3);
      assertThat(csv().get(1)).startsWith("0,").contains(",succeeded,");
      assertNothingLeft();
    }
  }

  @Test
  void marksARunDegradedWhenSomeRequestsFail() throws IOException {
    try (Simulator llm = simulator(options().withErrorRate(0.25))) {
      // when
      Program run = run(config(llm.url(), "").replace("concurrency: 2", "concurrency: 8"));

      // then
      assertThat(run.exit()).as(run.err()).isZero();
      JsonNode result = result();
      assertThat(result.path("status").asText()).isEqualTo("degraded");
      assertThat(result.path("reasons").get(0).asText())
          .matches(
              "[\\d,]+ of [\\d,]+ requests failed \\([\\d.]+ %\\): 500 Internal Server Error.*"
                  + " \\([\\d,]+×\\)");
      assertThat(run.log())
          .contains("INFO: Completed  : 1", "INFO: Degraded   : 1 of the completed");
      assertThat(tree()).containsAll(OF_EVERY_RUN).containsAll(OF_AIPERF);
      assertNothingLeft();
    }
  }

  @Test
  void reportsTheErrorWhenEveryRequestFails() throws IOException {
    try (Simulator llm = simulator(options().withErrorRate(1))) {
      // when
      Program run = run(config(llm.url(), ""));

      // then
      assertFailed(run, "failed", "all_requests_failed");
      assertThat(result().path("reasons").get(0).asText())
          .matches(
              "aiperf exited 1: all [\\d,]+ requests failed: 500 Internal Server Error.*"
                  + " \\([\\d,]+×\\)");
      assertThat(result().path("stdout").asText()).contains("inference request(s) failed");
    }
  }

  @Test
  void doesNotStartWhileTheTargetIsDown() throws IOException {
    // given
    int port = Caravan.freePort();

    // when
    Program run = run(config("http://127.0.0.1:" + port, ""));

    // then
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.lastLine())
        .isEqualTo(
            "ERROR: http://127.0.0.1:"
                + port
                + " is not ready: connection refused by 127.0.0.1:"
                + port
                + " (GET /v1/models)");
    assertThat(caravan.list("aiperf_results")).isEmpty();
    assertNothingLeft();
  }

  @Test
  void endsARunThatPassesItsLimit() throws IOException {
    try (Simulator llm = simulator(options().withHangRate(1))) {
      // given
      caravan.with("CARAVAN_RUN_ALLOWANCE", "5s");

      // when
      Program run = run(config(llm.url(), ""));

      // then
      assertFailed(run, "timed_out", "");
      assertThat(result().path("reasons").get(0).asText())
          .startsWith("timed out in ")
          .endsWith("its limit of 6s (benchmark_duration and caravan.run.allowance) passed");
      assertThat(result().path("duration_seconds").asDouble()).isBetween(6.0, 14.0);
    }
  }

  @Test
  void adviceSilencesTheChecksThatGiveIt() throws IOException {
    List<Fault> lies = List.of(Fault.replyTokens("x0.5"), Fault.prefixCache());
    // slow enough that requests are open whenever the measured phase ends
    try (Simulator llm = simulator(options().withTtft(Duration.ofMillis(150)).withLies(lies))) {
      // given: four faults in one run
      String faulty =
          config(
                  llm.url(),
                  "  aiperf_options: {num_dataset_entries: 2, benchmark_grace_period: 0}\n")
              .replace("concurrency: 2", "concurrency: 4\n  random_seed: 1")
              .replace("input_tokens_mean: 20", "input_tokens_mean: 100")
              .replace("output_tokens_mean: 4", "output_tokens_mean: 20");
      run(faulty);
      Map<String, String> advice = new HashMap<>();
      result().path("checks").forEach(f -> advice.put(f.path("id").asText(), text(f, "advice")));
      assertThat(advice)
          .containsEntry("cache", "vary_prompts: true")
          .containsEntry(
              "lengths", "aiperf_options: {extra_inputs: {ignore_eos: true, min_tokens: 20}}")
          .containsKey("replies")
          .extractingByKey("unanswered", STRING)
          .startsWith("aiperf_options: {benchmark_grace_period: 120}");

      // when
      String cured =
          faulty
              .replace("batch_name: real", "batch_name: cured\nvary_prompts: true")
              .replace(
                  "benchmark_grace_period: 0",
                  "benchmark_grace_period: 120,"
                      + " extra_inputs: {ignore_eos: true, min_tokens: 20}");
      run(cured);

      // then
      JsonNode result =
          new ObjectMapper()
              .readTree(caravan.batch("cured").resolve("process_result.json").toFile());
      assertThat(result.path("checks").findValuesAsText("id"))
          .doesNotContainAnyElementsOf(List.of("cache", "lengths", "replies", "unanswered"));
      assertThat(result.path("checked").toString())
          .contains("cache", "lengths", "replies", "unanswered");
    }
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }

  @Test
  void reportsWhyAiperfRefusesItsArguments() throws IOException {
    try (Simulator llm = simulator(options())) {
      // when
      Program run = run(config(llm.url(), "  aiperf_options: {seq_dist: garbage}\n"));

      // then
      assertFailed(run, "failed", "rejected_config");
      assertThat(result().path("reasons").get(0).asText())
          .startsWith("aiperf exited 1: ")
          .contains("Invalid pair format: 'garbage'");
      assertThat(llm.counts().completions()).isZero();
    }
  }

  @Test
  void reportsAModelThatIsNotServed() throws IOException {
    try (Simulator llm = simulator(options().withModels(List.of("another-model")))) {
      // when
      Program run = run(config(llm.url(), ""));

      // then
      assertFailed(run, "failed", "model_not_served");
      assertThat(result().path("reasons").toString()).contains("404").contains("simulated-model");
    }
  }
}
