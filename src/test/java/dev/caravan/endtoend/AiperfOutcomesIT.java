package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.Program;
import dev.caravan.testing.Results;
import dev.caravan.tools.simulator.BearerAuth;
import dev.caravan.tools.simulator.Fault;
import dev.caravan.tools.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Runs that the real aiperf does not complete as they should, in one batch with a variant for each.
 * {@code JudgeRecordingsTest} has what it wrote in many other cases; runs that end by their limit
 * are those of {@code StuckRealAiperfIT}.
 */
class AiperfOutcomesIT extends AiperfTestBase {

  private static final String VARIANTS =
      """
        api_key_env_var: SIMULATED_API_KEY
      readiness: {preflight: false}
      vary_prompts: false
      variants:
        errors: {url: "%s", streaming: false, concurrency: 8}
        other-key: {url: "%s", health_check_endpoint: none}
        refused: {url: "%s", aiperf_options: {seq_dist: garbage}}
      """;

  private static final String LYING =
      """
        lying:
          url: "%s"
          concurrency: 16
          warmup_request_count: 0
          benchmark_duration: 2
          random_seed: 1
          prompt_input_tokens_mean: 100
          prompt_output_tokens_mean: 20
          aiperf_options: {num_dataset_entries: 2, benchmark_grace_period: 0}
      """;

  private static Simulator errors;
  private static Simulator otherKey;
  private static Simulator unused;
  private static Simulator lying;
  private static Program run;
  private static Path batch;

  @BeforeAll
  static void runABatch() throws IOException {
    errors = simulator(options().withErrorRate(0.25));
    otherKey = simulator(options().withKey(new BearerAuth("another key")));
    unused = simulator(options());
    lying = lying();
    String variants = VARIANTS.formatted(errors.url(), otherKey.url(), unused.url());
    caravan.write("real.yaml", config(unused.url(), variants + LYING.formatted(lying.url())));
    run = caravan.start("run", "--config-file", "real.yaml");
    run.exit(PATIENCE);
    batch = caravan.batch("real");
  }

  /**
   * From 1.5 s after its first request on it is silent until long after the measured phase, so that
   * requests are cut off there however late aiperf is on a busy machine.
   */
  private static Simulator lying() throws IOException {
    return simulator(
        options()
            .withCapacity(16)
            .withFaults(
                List.of(
                    Fault.replyTokens("x0.5"), Fault.prefixCache(), Fault.silence("5s@1500ms"))));
  }

  @AfterAll
  static void stopServices() {
    List.of(errors, otherKey, unused, lying).forEach(Simulator::close);
  }

  @Test
  void tellsHowTheBatchEnded() throws IOException {
    assertThat(run.exit()).as(run.err()).isEqualTo(1);
    assertThat(run.log())
        .contains(
            "INFO: Completed  : 2",
            "INFO: Degraded   : 2 of the completed",
            "INFO: Failed     : 2");
    assertThat(run.lastLine())
        .isEqualTo("ERROR: 2 of 4 runs failed; first: other-key: " + reason("other-key"));
    assertThat(tree(batch)).containsAll(OF_THE_BATCH);
    assertNothingLeft();
  }

  @Test
  void marksARunDegradedWhenSomeRequestsFail() throws IOException {
    assertThat(result("errors").path("status").asText()).isEqualTo("degraded");
    assertThat(reason("errors"))
        .matches(
            "[\\d,]+ of [\\d,]+ requests failed \\([\\d.]+ %\\): 500 Internal Server Error.*"
                + " \\([\\d,]+×\\)");
    assertThat(tree(batch.resolve("errors"))).containsAll(OF_EVERY_RUN).containsAll(OF_AIPERF);
  }

  @Test
  void reportsAWrongKeyWithWhichEveryRequestFails() throws IOException {
    assertFailed("other-key", "unauthorized");
    assertThat(reason("other-key"))
        .matches("aiperf exited 1: all [\\d,]+ requests failed: 401 Unauthorized.* \\([\\d,]+×\\)");
    assertThat(result("other-key").path("stdout").asText()).contains("inference request(s) failed");
    assertThat(run.log())
        .anyMatch(line -> line.matches("ERROR: Run 2 .*failed with exit code 1: unauthorized: .*"));
    assertKeyNotLeaked(run);
  }

  @Test
  void reportsWhyAiperfRefusesItsArguments() throws IOException {
    assertFailed("refused", "rejected_config");
    assertThat(reason("refused"))
        .startsWith("aiperf exited 1: ")
        .contains("Invalid pair format: 'garbage'");
    assertThat(unused.counts().completions()).isZero();
  }

  @Test
  void adviceSilencesTheChecksThatGiveIt() throws IOException {
    // given: four faults in one run
    Map<String, String> advice = new HashMap<>();
    result("lying")
        .path("checks")
        .forEach(f -> advice.put(f.path("id").asText(), f.path("advice").asText()));
    assertThat(advice)
        .containsEntry("cache", "vary_prompts: true")
        .containsEntry(
            "lengths", "aiperf_options: {extra_inputs: {ignore_eos: true, min_tokens: 20}}")
        .containsKey("replies")
        .extractingByKey("unanswered", STRING)
        .startsWith("aiperf_options: {benchmark_grace_period: 120}");

    // when
    Simulator same = lying();
    String cured =
        LYING
            .formatted(same.url())
            .replace(
                "benchmark_grace_period: 0",
                "benchmark_grace_period: 120, extra_inputs: {ignore_eos: true, min_tokens: 20}");
    Program again = runOnce("cured", "vary_prompts: true\nvariants:\n" + cured);
    same.close();

    // then
    assertThat(again.exit()).as(again.err()).isZero();
    JsonNode result = Results.result(caravan.batch("cured").resolve("lying"));
    assertThat(result.path("checks").findValuesAsText("id"))
        .doesNotContainAnyElementsOf(List.of("cache", "lengths", "replies", "unanswered"));
    assertThat(result.path("checked").toString())
        .contains("cache", "lengths", "replies", "unanswered");
  }

  /** Runs a batch of this name with more in its config. */
  private static Program runOnce(String name, String more) {
    String config = config(unused.url(), more).replace("batch_name: real", "batch_name: " + name);
    caravan.write(name + ".yaml", config + "readiness: {preflight: false}\n");
    Program program = caravan.start("run", "--config-file", name + ".yaml");
    program.exit(PATIENCE);
    return program;
  }

  private static JsonNode result(String variant) {
    return Results.result(batch.resolve(variant));
  }

  private static String reason(String variant) {
    return result(variant).path("reasons").path(0).asText();
  }

  private static void assertFailed(String variant, String cause) throws IOException {
    JsonNode result = result(variant);
    assertThat(result.path("status").asText()).isEqualTo("failed");
    assertThat(result.path("cause").asText()).isEqualTo(cause);
    assertThat(result.path("final").asBoolean()).isTrue();
    assertThat(tree(batch.resolve(variant))).containsAll(OF_EVERY_RUN);
  }
}
