package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Other clients of the service, whatever it calls the requests that it works on. */
class OtherClientsTest {

  private static final String RUNNING = "vllm:num_requests_running";
  private static final String WAITING = "vllm:num_requests_waiting";

  @TempDir private Path folder;

  /** A recorded run, as if the service had other names for its metrics. */
  private RecordedRun recorded(String run, String running, String waiting) throws IOException {
    RecordedRun recorded = RecordedRun.of(run, folder.resolve(run));
    Path export = recorded.folder().resolve("server_metrics_export.json");
    String text = Files.readString(export);
    assertThat(text).contains(RUNNING, WAITING);
    Files.writeString(export, text.replace(RUNNING, running).replace(WAITING, waiting));
    return recorded;
  }

  @ParameterizedTest
  @CsvSource({
    "vllm:num_requests_running, vllm:num_requests_waiting",
    "sglang:num_running_reqs, sglang:num_queue_reqs",
    "llamacpp:requests_processing, llamacpp:requests_deferred",
    "tgi_batch_current_size, tgi_queue_size",
  })
  void areSeenOnEveryEngine(String running, String waiting) throws IOException {
    // given
    RecordedRun shared = recorded("others", running, waiting);
    RecordedRun alone = recorded("clean", running, waiting);
    // then
    assertThat(shared.alarms()).containsExactly("warning alone");
    assertThat(alone.check().checked()).contains("alone");
    assertThat(alone.alarms()).isEmpty();
  }

  @Test
  void areUnknownWhereTheMetricsHaveNamesOfAnotherEngine() throws IOException {
    // given
    RecordedRun other = recorded("others", "trtllm:num_active_requests", "trtllm:num_queued");
    // then
    assertThat(other.check().unchecked())
        .containsEntry(
            "alone",
            "server_metrics_export.json has no number of requests in progress by a name of vLLM,"
                + " SGLang, llama.cpp, TGI");
  }
}
