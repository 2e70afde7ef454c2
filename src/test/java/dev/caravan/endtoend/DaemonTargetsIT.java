package dev.caravan.endtoend;

import static dev.caravan.testing.Results.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import dev.caravan.testing.ScriptedLlm;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code caravan serve} and its dependencies: targets, with one run at a time each, and aiperf. */
class DaemonTargetsIT extends FakeAiperfTestBase {

  @Test
  void runsOnTwoTargetsInParallelButOnceAtATimePerTarget() throws IOException {
    // given
    caravan.with("CARAVAN_WORKERS", "2");
    caravan.drop("a.yaml", config("a", "fake-sleep-1", "sweeps: {concurrency: [1, 2]}"));
    caravan.drop("b.yaml", config("b", "fake-sleep-1", "sweeps: {concurrency: [1, 2]}"));
    try (Simulator other = Simulator.start(SimulatorOptions.defaults().withPort(0))) {
      caravan.drop(
          "c.yaml",
          config("c", "fake-sleep-1", "sweeps: {concurrency: [1, 2]}")
              .replace(llm.url(), other.url()));

      // when
      caravan.serve();
      List.of("a", "b", "c").forEach(home::await);
    }

    // then
    List<Interval> first = times("a", "b");
    List<Interval> second = times("c");
    assertThat(first).allMatch(run -> first.stream().noneMatch(run::overlaps));
    assertThat(second).allMatch(run -> second.stream().noneMatch(run::overlaps));
    assertThat(first).anyMatch(run -> second.stream().anyMatch(run::overlaps));
  }

  @Test
  void parksATargetUntilItIsReady() throws IOException {
    // given
    int port = llm.port();
    String url = llm.url();
    llm.close();
    caravan.with("CARAVAN_WORKERS", "2");
    Program daemon = caravan.serve();
    caravan.drop("parked.yaml", config("parked", "fake-ok", ""));
    daemon.awaitLine("is not ready: connection refused");
    try (Simulator other = Simulator.start(SimulatorOptions.defaults().withPort(0))) {

      // when
      caravan.drop("other.yaml", config("other", "fake-ok", "").replace(url, other.url()));

      // then
      home.await("other");
      assertThat(caravan.batch("parked").resolve("process_result.json")).doesNotExist();
    }

    // when
    llm = Simulator.start(SimulatorOptions.defaults().withPort(port));

    // then
    home.await("parked");
    assertThat(home.summary("parked").path("completed").asInt()).isEqualTo(1);
  }

  @Test
  void marksRunsUnhealthyWhenTheReadinessWaitEnds() throws IOException {
    // given
    llm.close();
    caravan.with("CARAVAN_READINESS_WAIT", "1s");
    caravan.serve();

    // when
    caravan.drop("down.yaml", config("down", "fake-ok", "sweeps: {concurrency: [1, 2]}"));

    // then
    home.await("down");
    assertThat(home.summary("down").path("outcomes").path("unhealthy").asInt()).isEqualTo(2);
    JsonNode result = result(caravan.batch("down").resolve("concurrency2"));
    assertThat(result.path("status").asText()).isEqualTo("unhealthy");
    assertThat(result.path("returncode").isNull()).isTrue();
    assertThat(result.path("reasons").get(0).asText())
        .startsWith("not ready for ")
        .contains("connection refused by 127.0.0.1:" + llm.port());
  }

  @Test
  void waitsForAMissingAiperf() throws IOException {
    // given
    Files.delete(bin.resolve("aiperf"));
    Program daemon = caravan.serve();
    caravan.drop("early.yaml", config("early", "fake-ok", ""));
    daemon.awaitLine("Nothing starts: ");
    assertThat(health().statusCode()).isEqualTo(503);
    assertThat(health().body()).contains("DOWN").contains("aiperf");
    assertThat(caravan.batch("early").resolve("process_result.json")).doesNotExist();

    // when
    FakeAiperf.in(bin);

    // then
    home.await("early");
    assertThat(home.summary("early").path("completed").asInt()).isEqualTo(1);
    assertThat(health().statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> health() throws IOException {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(caravan.http() + "/observe/health")).build(),
              HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Start and end of a run, by its result. */
  private record Interval(Path run, Instant start, Instant end) {
    boolean overlaps(Interval other) {
      return !run.equals(other.run) && start.isBefore(other.end) && other.start.isBefore(end);
    }
  }

  private List<Interval> times(String... batchNames) {
    return List.of(batchNames).stream()
        .map(name -> caravan.batch(name))
        .flatMap(
            batch -> List.of(batch.resolve("concurrency1"), batch.resolve("concurrency2")).stream())
        .map(DaemonTargetsIT::times)
        .toList();
  }

  private static Interval times(Path run) {
    JsonNode result = result(run);
    return new Interval(run, time(result, "started_at"), time(result, "ended_at"));
  }

  private static Instant time(JsonNode result, String field) {
    return OffsetDateTime.parse(result.path(field).asText()).toInstant();
  }

  @Test
  void holdsOnlyTheBatchThatTheTargetRefuses() throws IOException {
    try (ScriptedLlm gateway = ScriptedLlm.serving("fake-ok")) {
      // given
      gateway.modelsStatus = 403;
      Program daemon = caravan.serve();
      String config = config("refused", "fake-ok", "").replace(llm.url(), gateway.url());
      caravan.drop("refused.yaml", config);
      daemon.awaitLine("refused the probe: it requires an API key");

      // when
      caravan.drop(
          "other.yaml",
          config
              .replace("batch_name: refused", "batch_name: other")
              .replace("  model:", "  health_check_endpoint: none\n  model:"));

      // then
      home.await("other");
      assertThat(home.summary("other").path("completed").asInt()).isEqualTo(1);
      // Between two waits it is probed again, and shown as running.
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(caravan.run("status").out())
                      .contains("parked")
                      .contains("GET /v1/models returned 403"));

      // when
      gateway.modelsStatus = 200;

      // then
      home.await("refused");
    }
  }

  @Test
  void findsEndedBatchesOfAnotherOutputFolderByName() throws IOException {
    // given
    caravan.serve();
    caravan.drop("a.yaml", "output_base_dir: out\n" + config("elsewhere", "fake-ok", ""));
    Path batches = caravan.home().resolve("out/elsewhere");
    await()
        .atMost(Program.TIMEOUT)
        .until(() -> caravan.run("list", "--json").out().contains("\"succeeded\""));

    // then
    assertThat(batches).isDirectory();
    assertThat(caravan.list(".caravan/open")).isEmpty();
    assertThat(caravan.run("list").out()).contains("elsewhere");
    assertThat(caravan.run("report", "latest", "--format", "md").out()).contains("fake-ok");
    assertThat(caravan.run("report", "elsewhere", "--format", "md").exit()).isZero();
    assertThat(caravan.run("retry", "elsewhere", "--failed").err()).doesNotContain("no batch");
  }
}
