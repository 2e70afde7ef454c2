package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.LiveTree;
import dev.caravan.testing.Program;
import dev.caravan.testing.RealAiperf;
import dev.caravan.testing.SecretFiles;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Base class of tests of the whole program with the real aiperf and a simulated LLM. A run takes
 * seconds of CPU time, so that the tests of a class share a home and read one batch.
 */
abstract class AiperfTestBase {

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

  /** An API key, which must not leak. */
  static final String KEY = "secret-" + UUID.randomUUID();

  /** Maximum time of a batch. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  static Caravan caravan;

  @BeforeAll
  static void createHome(@TempDir Path folder) {
    RealAiperf.ready(folder.resolve("setup"));
    caravan = Caravan.in(folder).with("CARAVAN_AIPERF_COMMAND", "").with("SIMULATED_API_KEY", KEY);
  }

  @AfterAll
  static void tearDown() {
    caravan.close();
  }

  /** The files below a folder. */
  static List<String> tree(Path folder) {
    return LiveTree.files(folder).stream().map(file -> folder.relativize(file).toString()).toList();
  }

  static void assertNothingLeft() {
    assertThat(caravan.runProcesses()).isEmpty();
    assertThat(caravan.temporaryFolders()).isEmpty();
    assertThat(caravan.files()).noneMatch(file -> file.toString().endsWith(".tmp"));
  }

  static void assertKeyNotLeaked(Program program) {
    assertThat(program.err()).doesNotContain(KEY);
    assertThat(program.out()).doesNotContain(KEY);
    assertThat(SecretFiles.containing(caravan.home(), KEY)).isEmpty();
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
