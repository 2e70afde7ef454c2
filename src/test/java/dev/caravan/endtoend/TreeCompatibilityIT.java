package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that read result trees of {@code run_aiperf.py} can read ours, also those of failed
 * runs. What they read of the real aiperf is in {@code AiperfReportIT}.
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
  void oldReadersReadFailedRunsToo() throws Exception {
    // given
    caravan.withAiperf(FakeAiperf.in(folder.resolve("bin")));
    caravan.write(
        "sweep.yaml",
        config(
            "x",
            "retry: {attempts: 1}\n"
                + "sweeps: {model: [fake-ok, fake-exit-3, fake-killed-by-9, fake-unauthorized],"
                + " streaming: [false], request_rate: [10.0]}"));
    assertThat(caravan.run("run", "--config-file", "sweep.yaml").exit()).isEqualTo(1);

    // when
    List<String> read = readLikeOldReaders("*/");

    // then
    assertThat(read)
        .containsExactly(
            "modelfake-exit-3_request_rate10_streamingFalse rc=3 without CSV",
            "modelfake-killed-by-9_request_rate10_streamingFalse rc=-9 without CSV",
            "modelfake-ok_request_rate10_streamingFalse rc=0 requests=10.00 rps=10.00",
            "modelfake-unauthorized_request_rate10_streamingFalse rc=1 without CSV");
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

  private List<String> readLikeOldReaders(String below) throws Exception {
    return OldReader.read(folder, caravan.home() + "/aiperf_results/old/*/" + below);
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
