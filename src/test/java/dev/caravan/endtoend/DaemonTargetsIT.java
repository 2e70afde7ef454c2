package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static dev.caravan.testing.Results.result;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.ScriptedLlm;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code caravan serve} and its targets, with one run at a time each. */
@DaemonSettings({"CARAVAN_WORKERS=2", "CARAVAN_READINESS_WAIT=1s"})
class DaemonTargetsIT extends SharedDaemonTestBase {

  @Test
  void runsOnTwoTargetsInParallelButOnceAtATimePerTarget() throws IOException {
    // given
    String twice = "sweeps: {concurrency: [1, 2]}";
    try (Simulator other = Simulator.start(SimulatorOptions.defaults().withPort(0))) {

      caravan.execute("pause");
      caravan.drop("a.yaml", config("a", "fake-sleep-1", twice));
      caravan.drop("b.yaml", config("b", "fake-sleep-1", twice));
      caravan.drop("c.yaml", config("c", "fake-sleep-1", twice).replace(llm.url(), other.url()));
      List<String> names = List.of("a", "b", "c");
      eventually().until(() -> names.stream().allMatch(name -> caravan.batches(name).size() == 1));

      // when
      caravan.execute("resume");
      names.forEach(home::await);
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
    Simulator closed = closedTarget();
    caravan.drop("parked.yaml", patient("parked", closed.url()));
    daemon.awaitLine(":" + closed.port() + " is not ready: connection refused");

    // when
    caravan.drop("other.yaml", config("other", "fake-ok", ""));

    // then
    home.await("other");
    assertThat(caravan.batch("parked").resolve("process_result.json")).doesNotExist();

    // when
    try (Simulator ready = Simulator.start(SimulatorOptions.defaults().withPort(closed.port()))) {

      // then
      assertThat(ready.url()).isEqualTo(closed.url());
      home.await("parked");
    }
    assertThat(home.summary("parked").path("completed").asInt()).isEqualTo(1);
  }

  @Test
  void marksRunsUnhealthyWhenTheReadinessWaitEnds() throws IOException {
    // given
    Simulator closed = closedTarget();

    // when
    caravan.drop(
        "down.yaml",
        config("down", "fake-ok", "sweeps: {concurrency: [1, 2]}")
            .replace(llm.url(), closed.url()));

    // then
    home.await("down");
    assertThat(home.summary("down").path("outcomes").path("unhealthy").asInt()).isEqualTo(2);
    JsonNode result = result(caravan.batch("down").resolve("concurrency2"));
    assertThat(result.path("status").asText()).isEqualTo("unhealthy");
    assertThat(result.path("returncode").isNull()).isTrue();
    assertThat(result.path("reasons").get(0).asText())
        .startsWith("not ready for ")
        .contains("connection refused by 127.0.0.1:" + closed.port());
  }

  private static Simulator closedTarget() throws IOException {
    Simulator target = Simulator.start(SimulatorOptions.defaults().withPort(Caravan.freePort()));
    target.close();
    return target;
  }

  /** A config of one run that waits longer for its target than the daemon would. */
  private static String patient(String batchName, String url) {
    return config(batchName, "fake-ok", "")
        .replace("{preflight: false}", "{preflight: false, wait: 10m}")
        .replace(llm.url(), url);
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
      String config = patient("refused", gateway.url());
      caravan.drop("refused.yaml", config);
      daemon.awaitLine(
          ":" + URI.create(gateway.url()).getPort() + " refused the probe: it requires an API key");

      // when
      caravan.drop(
          "unprobed.yaml",
          config
              .replace("batch_name: refused", "batch_name: unprobed")
              .replace("  model:", "  health_check_endpoint: none\n  model:"));

      // then
      home.await("unprobed");
      assertThat(home.summary("unprobed").path("completed").asInt()).isEqualTo(1);
      // Between two waits it is probed again, and shown as running.
      eventually()
          .untilAsserted(
              () ->
                  assertThat(caravan.execute("status").out())
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
    caravan.drop("e.yaml", "output_base_dir: out\n" + config("elsewhere", "fake-ok", ""));
    eventually().until(() -> caravan.list("out/elsewhere").size() == 1);
    eventually().until(() -> caravan.list(".caravan/open").isEmpty());

    // then
    assertThat(caravan.execute("list").out()).contains("elsewhere");
    assertThat(caravan.execute("report", "latest", "--format", "md").out()).contains("elsewhere");
    assertThat(caravan.execute("report", "elsewhere", "--format", "md").exit()).isZero();
    assertThat(caravan.execute("retry", "elsewhere", "--failed").err()).doesNotContain("no batch");
  }
}
