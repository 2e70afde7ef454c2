package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import dev.caravan.testing.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code caravan run --resume} after a kill; {@code OneShotInterruptIT} has it after an interrupt.
 */
class OneShotResumeIT {

  private Path bin;
  private Caravan caravan;
  private Results home;

  @BeforeEach
  void setUp(@TempDir Path folder) throws IOException {
    bin = folder.resolve("bin");
    caravan = Caravan.in(folder).withAiperf(FakeAiperf.in(bin));
    home = new Results(caravan);
  }

  @AfterEach
  void tearDown() {
    caravan.close();
  }

  @Test
  void resumesASearchAfterAKillInARunAndRefusesABatchInUse() {
    // given
    caravan.write(
        "search.yaml",
        """
        batch_name: search
        readiness: {preflight: false}
        base_config:
          model: fake-hang-from-2
          url: http://127.0.0.1:9
          health_check_endpoint: none
          streaming: true
          warmup_request_count: 1
          benchmark_duration: 1
        slo: {ttft_ms_avg: 51.5}
        search: {concurrency: [1, 8]}
        """);
    Program cut = caravan.start("run", "search.yaml");
    cut.awaitLine("Run concurrency2");
    eventually().until(() -> !caravan.runProcesses().isEmpty());

    // then
    assertRefused(caravan.batch("search").toString(), "caravan: another Caravan is running ");

    // when
    cut.kill();
    cut.exit();
    assertRefused("latest~1", "no batch");
    FakeAiperf.always(bin, "fake-ok");
    Program next = caravan.start("run", "--resume", "latest");

    // then
    assertThat(next.exit()).isZero();
    assertThat(next.log())
        .contains("INFO: Run concurrency2", "INFO: This is attempt 2", "INFO: Run concurrency4")
        .doesNotContain("INFO: Run concurrency1");
    assertThat(List.of(caravan.batch("search").resolve("concurrency1").toFile().list()))
        .doesNotContain("attempts");
    assertThat(caravan.runProcesses()).isEmpty();
    assertFound(next);
  }

  private void assertRefused(String batch, String reason) {
    Program refused = caravan.start("run", "--resume", batch);
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.lastLine()).contains(reason);
  }

  private void assertFound(Program next) {
    JsonNode answer = home.summary("search").path("search").path("answers").path(0);
    assertThat(answer.path("keeps").asInt()).isEqualTo(5);
    assertThat(answer.path("text").asText())
        .startsWith("concurrency 5 meets TTFT avg ≤ 51.5 ms (50.5 ms, ")
        .contains("; 6 does not (52.5 ms, ");
    assertThat(next.log()).contains("INFO: " + answer.path("text").asText());
    assertThat(home.summary("search").path("total").asInt()).isBetween(8, 27);
  }
}
