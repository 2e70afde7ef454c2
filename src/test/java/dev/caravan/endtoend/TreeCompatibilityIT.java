package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that read result trees of {@code run_aiperf.py} can read ours, also those of failed
 * runs. What they read of the real aiperf is in {@code AiperfBatchIT}.
 */
class TreeCompatibilityIT extends SharedDaemonTestBase {

  private static final String LENGTHS =
      "  prompt_input_tokens_mean: 20\n  prompt_output_tokens_mean: 4\n";

  @TempDir Path scratch;

  @Test
  void oldReadersReadFailedRunsToo() throws Exception {
    // given
    caravan.drop(
        "sweep.yaml",
        config(
            "sweep",
            "x",
            LENGTHS
                + "retry: {attempts: 1}\n"
                + "sweeps: {model: [fake-ok, fake-exit-3, fake-killed-by-9, fake-unauthorized],"
                + " streaming: [false], request_rate: [10.0]}"));
    home.await("sweep");

    // when
    List<String> read = OldReader.read(scratch, caravan.batch("sweep") + "/*/");

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
    caravan.drop("single.yaml", config("single", "fake-ok", LENGTHS));
    home.await("single");

    // when
    List<String> read = OldReader.read(scratch, caravan.batch("single") + "/");

    // then
    assertThat(read)
        .containsExactly(caravan.batch("single").getFileName() + " rc=0 requests=10.00 rps=10.00");
  }
}
