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
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code caravan run --resume} after an interrupt or a kill. */
class OneShotResumeIT {

  private Path bin;
  private Caravan caravan;
  private Results home;

  @BeforeEach
  void setUp(@TempDir Path folder) throws IOException {
    bin = folder.resolve("bin");
    caravan = Caravan.in(folder).withAiperf(FakeAiperf.in(bin));
    home = new Results(caravan);
    caravan.write(
        "cut.yaml",
        """
        batch_name: cut
        readiness: {preflight: false}
        base_config:
          model: fake-hang-from-2
          url: http://127.0.0.1:9
          health_check_endpoint: none
          warmup_request_count: 1
          benchmark_duration: 1
          concurrency: 1
        sweeps: {concurrency: [1, 2, 3]}
        """);
  }

  @AfterEach
  void tearDown() {
    caravan.close();
  }

  @Test
  void resumesByTheCommandPrintedOnInterrupt() {
    // given
    Program cut = runUntilSecondRunHangs();
    cut.interrupt();
    assertThat(cut.exit()).isEqualTo(130);
    String command = cut.lastLine().replaceFirst(".*to continue: caravan ", "");

    // when
    FakeAiperf.always(bin, "fake-ok");
    Program next = caravan.start(command.split(" "));

    // then
    assertThat(next.exit()).isZero();
    assertThat(next.log())
        .contains("INFO: Run 2/3", "INFO: This is attempt 2", "INFO: Run 3/3")
        .doesNotContain("INFO: Run 1/3");
    assertThat(home.summary("cut").path("completed").asInt()).isEqualTo(3);
  }

  @Test
  void resumesAfterAKillAndRefusesABatchInUse() {
    // given
    Program cut = runUntilSecondRunHangs();
    String batch = caravan.batch("cut").toString();

    // when
    Program tooEarly = caravan.start("run", "--resume", batch);

    // then
    assertThat(tooEarly.exit()).isEqualTo(2);
    assertThat(tooEarly.lastLine()).startsWith("caravan: another Caravan is running ");

    // when
    cut.kill();
    cut.exit(Duration.ofSeconds(5));
    FakeAiperf.always(bin, "fake-ok");
    Program unknown = caravan.start("run", "--resume", "latest~1");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.lastLine()).contains("latest~1", "no batch");
    Program next = caravan.start("run", "--resume", "latest");

    // then
    assertThat(next.exit()).isZero();
    assertThat(caravan.runProcesses()).isEmpty();
    assertThat(home.summary("cut").path("completed").asInt()).isEqualTo(3);
    assertThat(List.of(caravan.batch("cut").resolve("concurrency1").toFile().list()))
        .doesNotContain("attempts");
  }

  @Test
  void resumesASearchAfterAKillInARun() throws IOException {
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
    cut.kill();
    cut.exit(Duration.ofSeconds(5));
    // when
    FakeAiperf.always(bin, "fake-ok");
    Program next = caravan.start("run", "--resume", "latest");
    // then
    assertThat(next.exit()).isZero();
    assertThat(next.log())
        .contains("INFO: Run concurrency2", "INFO: This is attempt 2", "INFO: Run concurrency4")
        .doesNotContain("INFO: Run concurrency1");
    JsonNode answer = home.summary("search").path("search").path("answers").path(0);
    assertThat(answer.path("keeps").asInt()).isEqualTo(5);
    assertThat(answer.path("text").asText())
        .startsWith("concurrency 5 keeps TTFT avg ≤ 51.5 ms (50.5 ms, ")
        .contains("; 6 does not (52.5 ms, ");
    assertThat(next.log()).contains("INFO: " + answer.path("text").asText());
    assertThat(home.summary("search").path("total").asInt()).isBetween(8, 27);
  }

  private Program runUntilSecondRunHangs() {
    Program run = caravan.start("run", "--config-file", "cut.yaml");
    run.awaitLine("Run 2/3");
    eventually().until(() -> !caravan.runProcesses().isEmpty());
    return run;
  }
}
