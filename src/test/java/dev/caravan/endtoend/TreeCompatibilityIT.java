package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import dev.caravan.testing.RealAiperf;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that read result trees of {@code run_aiperf.py} can read ours. The reader is a Python
 * script like theirs, which uses glob, json and csv and nothing from Caravan.
 */
class TreeCompatibilityIT {

  private Path folder;
  private Caravan caravan;
  private Simulator llm;

  @BeforeEach
  void setUp(@TempDir Path temp) throws IOException {
    folder = temp;
    caravan = Caravan.in(temp);
    llm = Simulator.start(SimulatorOptions.defaults().withPort(0));
  }

  @AfterEach
  void tearDown() {
    caravan.close();
    llm.close();
  }

  @Test
  void oldReadersReadASweepOfTheRealAiperf() throws Exception {
    // given
    RealAiperf.ready(folder.resolve("setup"));
    caravan.write(
        "sweep.yaml",
        config("simulated-model", "sweeps: {streaming: [true, false], request_rate: [10.0]}"));
    Program run = caravan.run("run", "--config-file", "sweep.yaml");
    assertThat(run.exit()).as(run.err()).isZero();

    // when
    List<String> read = readLikeOldReaders("*/");

    // then
    assertThat(read)
        .satisfiesExactly(
            off ->
                assertThat(off)
                    .matches("request_rate10_streamingFalse rc=0 requests=[\\d.]+ rps=[\\d.]+"),
            on ->
                assertThat(on)
                    .matches("request_rate10_streamingTrue rc=0 requests=[\\d.]+ rps=[\\d.]+"));
  }

  @Test
  void oldReadersReadFailedRunsToo() throws Exception {
    // given
    caravan.withAiperf(FakeAiperf.in(folder.resolve("bin")));
    caravan.write(
        "sweep.yaml",
        config(
            "x",
            "retry: {attempts: 1}\n"
                + "sweeps: {model: [fake-ok, fake-exit-3, fake-killed-by-9, fake-unauthorized]}"));
    assertThat(caravan.run("run", "--config-file", "sweep.yaml").exit()).isEqualTo(1);

    // when
    List<String> read = readLikeOldReaders("*/");

    // then
    assertThat(read)
        .containsExactly(
            "modelfake-exit-3 rc=3 without CSV",
            "modelfake-killed-by-9 rc=-9 without CSV",
            "modelfake-ok rc=0 requests=10.00 rps=10.00",
            "modelfake-unauthorized rc=1 without CSV");
  }

  @Test
  void oldReadersReadASingleRunInTheBatchFolderItself() throws Exception {
    // given
    caravan.withAiperf(FakeAiperf.in(folder.resolve("bin")));
    caravan.write("single.yaml", config("fake-ok", ""));
    assertThat(caravan.run("run", "--config-file", "single.yaml").exit()).isZero();

    // when
    List<String> read = readLikeOldReaders("");

    // then
    assertThat(read)
        .containsExactly(caravan.batch("old").getFileName() + " rc=0 requests=10.00 rps=10.00");
  }

  /** One line per run, after the script has checked every field that readers rely on. */
  private List<String> readLikeOldReaders(String below) throws Exception {
    Path script = folder.resolve("old_reader.py");
    try (InputStream source =
        getClass().getResourceAsStream("/dev/caravan/testing/old_reader.py")) {
      Files.write(script, source.readAllBytes());
    }
    Path output = folder.resolve("read.txt");
    Process python =
        new ProcessBuilder(
                "python3", script.toString(), caravan.home() + "/aiperf_results/old/*/" + below)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
    List<String> lines = Files.readAllLines(output);
    assertThat(python.exitValue()).as("%s", lines).isZero();
    return lines;
  }

  private String config(String model, String more) {
    return """
        batch_name: old
        readiness: {preflight: false}
        base_config:
          model: %s
          tokenizer: builtin
          url: %s
          warmup_request_count: 1
          benchmark_duration: 1
          concurrency: 1
          prompt_input_tokens_mean: 20
          prompt_output_tokens_mean: 4
        %s
        """
        .formatted(model, llm.url(), more);
  }
}
