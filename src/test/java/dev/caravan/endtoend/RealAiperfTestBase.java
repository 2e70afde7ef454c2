package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.Program;
import dev.caravan.testing.RealAiperf;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Base class of tests of the whole program with the real aiperf and a simulated LLM. */
abstract class RealAiperfTestBase {

  static final List<String> OF_EVERY_RUN =
      List.of("process_result.json", "run_metadata.json", "stderr.log", "stdout.log");
  static final List<String> OF_AIPERF =
      List.of(
          "inputs.json",
          "logs/aiperf.log",
          "profile_export.jsonl",
          "profile_export_aiperf.csv",
          "profile_export_aiperf.json");
  static final List<String> OF_THE_BATCH =
      List.of("batch.json", "config.yaml", "results.csv", "summary.json");

  Caravan caravan;

  @BeforeAll
  static void setUpAiperf(@TempDir Path scratch) {
    RealAiperf.ready(scratch);
  }

  @BeforeEach
  void createHome(@TempDir Path folder) {
    caravan = Caravan.in(folder).with("CARAVAN_AIPERF_COMMAND", "");
  }

  @AfterEach
  void tearDown() {
    caravan.close();
  }

  /** Asserts what every failed run has in common. */
  void assertFailed(Program run, String status, String cause) throws IOException {
    assertThat(run.exit()).as(run.err()).isEqualTo(1);
    JsonNode result = result();
    assertThat(result.path("status").asText()).isEqualTo(status);
    assertThat(result.path("cause").asText()).isEqualTo(cause);
    assertThat(result.path("final").asBoolean()).isTrue();
    assertThat(tree()).containsAll(OF_EVERY_RUN).containsAll(OF_THE_BATCH);
    assertThat(run.log()).contains("INFO: Completed  : 0", "INFO: Failed     : 1");
    assertThat(run.lastLine())
        .isEqualTo("ERROR: 1 of 1 runs failed; first: " + result.path("reasons").get(0).asText());
    assertNothingLeft();
  }

  void assertNothingLeft() {
    assertThat(caravan.runProcesses()).isEmpty();
    assertThat(caravan.temporaryFolders()).isEmpty();
    assertThat(caravan.files()).noneMatch(file -> file.toString().endsWith(".tmp"));
  }

  Program run(String config) {
    Program run = start(config);
    run.exit();
    return run;
  }

  Program start(String config) {
    caravan.write("real.yaml", config);
    return caravan.start("run", "--config-file", "real.yaml");
  }

  JsonNode result() throws IOException {
    return new ObjectMapper()
        .readTree(caravan.batch("real").resolve("process_result.json").toFile());
  }

  List<String> csv() throws IOException {
    return Files.readAllLines(caravan.batch("real").resolve("results.csv"));
  }

  List<String> tree() {
    Path batch = caravan.batch("real");
    return caravan.files().stream()
        .filter(file -> file.startsWith(batch))
        .map(file -> batch.relativize(file).toString())
        .toList();
  }

  static Simulator simulator(SimulatorOptions options) throws IOException {
    return Simulator.start(options);
  }

  static SimulatorOptions options() {
    return SimulatorOptions.defaults().withPort(0);
  }

  /** Other tests may keep this machine busy, which these checks would rightly say. */
  static String config(String url, String more) {
    return """
        batch_name: real
        readiness: {preflight: false}
        checks: {client: note, load: note, stall: note}
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
