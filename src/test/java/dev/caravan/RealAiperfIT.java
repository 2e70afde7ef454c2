package dev.caravan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.simulate.BearerKey;
import dev.caravan.simulate.Simulator;
import dev.caravan.simulate.SimulatorOptions;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.Proc;
import dev.caravan.testing.Program;
import dev.caravan.testing.RealAiperf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program with the real aiperf against a simulated LLM. */
class RealAiperfIT {

  private static final List<String> OF_EVERY_RUN =
      List.of("process_result.json", "run_metadata.json", "stderr.log", "stdout.log");
  private static final List<String> OF_AIPERF =
      List.of(
          "inputs.json",
          "logs/aiperf.log",
          "profile_export.jsonl",
          "profile_export_aiperf.csv",
          "profile_export_aiperf.json");
  private static final List<String> OF_THE_BATCH =
      List.of("batch.json", "config.yaml", "results.csv", "summary.json");

  private final String key = "secret-" + UUID.randomUUID();
  private Caravan caravan;

  @BeforeAll
  static void setUpAiperf(@TempDir Path scratch) {
    RealAiperf.ready(scratch);
  }

  @BeforeEach
  void makeHome(@TempDir Path folder) {
    caravan = Caravan.in(folder).with("CARAVAN_AIPERF_COMMAND", "");
  }

  @AfterEach
  void endAll() {
    caravan.close();
  }

  @Test
  void filesARunThatSucceeded() throws IOException {
    try (Simulator llm = simulator(options())) {
      // when
      Program run = run(config(llm.url(), ""));

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
      assertThat(llm.counts().answered(200)).isGreaterThan(3);
      assertThat(csv().get(1)).startsWith("0,").contains(",succeeded,");
      nothingIsLeft();
    }
  }

  @Test
  void callsARunDegradedWhenSomeRequestsFailed() throws IOException {
    try (Simulator llm = simulator(options().withErrorRate(0.5))) {
      // when
      Program run = run(config(llm.url(), "").replace("concurrency: 2", "concurrency: 8"));

      // then
      assertThat(run.exit()).as(run.err()).isZero();
      JsonNode result = result();
      assertThat(result.path("status").asText()).isEqualTo("degraded");
      assertThat(result.path("reasons").get(0).asText())
          .matches("[\\d,]+ of [\\d,]+ requests failed: 500 Internal Server Error \\([\\d,]+×\\)");
      assertThat(run.log())
          .contains("INFO: Completed  : 1", "INFO: Degraded   : 1 of the completed");
      assertThat(tree()).containsAll(OF_EVERY_RUN).containsAll(OF_AIPERF);
      nothingIsLeft();
    }
  }

  @Test
  void saysWhatFailedWhenEveryRequestDid() throws IOException {
    try (Simulator llm = simulator(options().withErrorRate(1))) {
      // when
      Program run = run(config(llm.url(), ""));

      // then
      failed(run, "failed", "all_requests_failed");
      assertThat(result().path("reasons").get(0).asText())
          .matches(
              "aiperf exited 1: all [\\d,]+ requests failed: 500 Internal Server Error"
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
                + port);
    assertThat(caravan.list("aiperf_results")).isEmpty();
    nothingIsLeft();
  }

  @Test
  void givesAiperfItsKeyWithoutShowingIt() throws IOException {
    try (Simulator llm = simulator(options().withKey(new BearerKey(key)))) {
      // given
      caravan.with("SIMULATED_API_KEY", key);

      // when
      Program run = start(config(llm.url(), "  api_key_env_var: SIMULATED_API_KEY\n"));
      AtomicInteger looksAtAiperf = new AtomicInteger();

      // then
      await()
          .atMost(Program.PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                looksAtAiperf.addAndGet(caravan.runProcesses().size());
                assertThat(Proc.whoseCommandHolds(key)).isEmpty();
                return !run.runs();
              });
      assertThat(run.exit()).as(run.err()).isZero();
      assertThat(result().path("status").asText()).isEqualTo("succeeded");
      assertThat(llm.counts().answered(401)).isZero();
      assertThat(result().path("args").toString()).contains("--api-key\",\"$SIMULATED_API_KEY");
      assertThat(looksAtAiperf).hasPositiveValue();
      theKeyIsNowhere(run);
      nothingIsLeft();
    }
  }

  @Test
  void saysThatAKeyIsWrong() throws IOException {
    try (Simulator llm = simulator(options().withKey(new BearerKey("another key")))) {
      // given
      caravan.with("SIMULATED_API_KEY", key);

      // when
      Program run =
          run(
              config(
                  llm.url(),
                  "  api_key_env_var: SIMULATED_API_KEY\n  health_check_endpoint: none\n"));

      // then
      failed(run, "failed", "unauthorized");
      assertThat(result().path("reasons").get(0).asText())
          .matches("aiperf exited 1: all [\\d,]+ requests failed: 401 Unauthorized \\([\\d,]+×\\)");
      assertThat(run.log())
          .anyMatch(
              line ->
                  line.matches(
                      "ERROR: Run failed with exit code 1: unauthorized: aiperf exited 1: all .*"));
      theKeyIsNowhere(run);
    }
  }

  @Test
  void asksTheTargetWithTheKeyBeforeItStarts() throws IOException {
    try (Simulator llm = simulator(options().withKey(new BearerKey("another key")))) {
      // given
      caravan.with("SIMULATED_API_KEY", key);

      // when
      Program run = run(config(llm.url(), "  api_key_env_var: SIMULATED_API_KEY\n"));

      // then
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.lastLine())
          .isEqualTo(
              "ERROR: "
                  + llm.url()
                  + " is not ready: it does not accept the key in $SIMULATED_API_KEY (401)");
      assertThat(caravan.list("aiperf_results")).isEmpty();
      theKeyIsNowhere(run);
    }
  }

  @Test
  void endsARunThatPassesItsLimit() throws IOException {
    try (Simulator llm = simulator(options().withHangRate(1))) {
      // given
      caravan.with("CARAVAN_RUN_ALLOWANCE", "5s");

      // when
      Program run = run(config(llm.url(), ""));

      // then
      failed(run, "timed_out", "");
      assertThat(result().path("reasons").get(0).asText())
          .startsWith("timed out in ")
          .endsWith("its limit of 6s (benchmark_duration and caravan.run.allowance) passed");
      assertThat(result().path("duration_seconds").asDouble()).isBetween(6.0, 14.0);
    }
  }

  @Test
  void saysWhyAiperfRefusedItsArguments() throws IOException {
    try (Simulator llm = simulator(options())) {
      // when
      Program run = run(config(llm.url(), "  aiperf_options: {seq_dist: garbage}\n"));

      // then
      failed(run, "failed", "rejected_config");
      assertThat(result().path("reasons").get(0).asText())
          .startsWith("aiperf exited 1: ")
          .contains("Invalid pair format: 'garbage'");
      assertThat(llm.counts().completions()).isZero();
    }
  }

  @Test
  void saysThatAModelIsNotServed() throws IOException {
    try (Simulator llm = simulator(options().withModels(List.of("another-model")))) {
      // when
      Program run = run(config(llm.url(), ""));

      // then
      failed(run, "failed", "model_not_served");
      assertThat(result().path("reasons").toString()).contains("404").contains("simulated-model");
    }
  }

  /** What every failed run has in common. */
  private void failed(Program run, String status, String cause) throws IOException {
    assertThat(run.exit()).as(run.err()).isEqualTo(1);
    JsonNode result = result();
    assertThat(result.path("status").asText()).isEqualTo(status);
    assertThat(result.path("cause").asText()).isEqualTo(cause);
    assertThat(result.path("final").asBoolean()).isTrue();
    assertThat(tree()).containsAll(OF_EVERY_RUN).containsAll(OF_THE_BATCH);
    assertThat(run.log()).contains("INFO: Completed  : 0", "INFO: Failed     : 1");
    assertThat(run.lastLine())
        .isEqualTo(
            "ERROR: 1 of 1 runs failed, the first one: " + result.path("reasons").get(0).asText());
    nothingIsLeft();
  }

  private void nothingIsLeft() {
    assertThat(caravan.runProcesses()).isEmpty();
    assertThat(caravan.temporaryFolders()).isEmpty();
    assertThat(caravan.files()).noneMatch(file -> file.toString().endsWith(".tmp"));
  }

  private void theKeyIsNowhere(Program run) throws IOException {
    assertThat(run.err()).doesNotContain(key);
    assertThat(run.out()).doesNotContain(key);
    for (Path file : caravan.files()) {
      assertThat(new String(Files.readAllBytes(file), UTF_8)).as("%s", file).doesNotContain(key);
    }
  }

  private Program run(String config) {
    Program run = start(config);
    run.exit();
    return run;
  }

  private Program start(String config) {
    caravan.write("real.yaml", config);
    return caravan.start("run", "--config-file", "real.yaml");
  }

  private JsonNode result() throws IOException {
    return new ObjectMapper()
        .readTree(caravan.batch("real").resolve("process_result.json").toFile());
  }

  private List<String> csv() throws IOException {
    return Files.readAllLines(caravan.batch("real").resolve("results.csv"));
  }

  private List<String> tree() {
    Path batch = caravan.batch("real");
    return caravan.files().stream()
        .filter(file -> file.startsWith(batch))
        .map(file -> batch.relativize(file).toString())
        .toList();
  }

  private static Simulator simulator(SimulatorOptions options) throws IOException {
    return Simulator.start(options);
  }

  private static SimulatorOptions options() {
    return SimulatorOptions.defaults().withPort(0);
  }

  private static String config(String url, String more) {
    return """
        batch_name: real
        base_config:
          model: simulated-model
          tokenizer: builtin
          url: %s
          streaming: true
          warmup_request_count: 1
          benchmark_duration: 1
          concurrency: 2
          prompt_input_tokens_mean: 20
          prompt_output_tokens_mean: 4
        %s"""
        .formatted(url, more);
  }
}
