package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.Program;
import dev.caravan.testing.Results;
import dev.caravan.testing.ScratchHome;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a hub makes of runs that its workers execute; the tests share a hub and a worker. */
class FleetRunsIT {

  private static Fleet fleet;
  private static Caravan hub;
  private static Caravan worker;
  private static Results results;
  private final Api api = new Api(hub::http);

  @BeforeAll
  static void start(@TempDir Path folder) {
    fleet = new Fleet(folder, "60s"); // no lease that a busy machine could let expire
    hub = fleet.hub;
    results = fleet.results;
    fleet.startHub();
    worker = fleet.worker("w1").with("CARAVAN_WORKER_POOLS", "default,lab-a");
    fleet.startWorker(worker);
  }

  @AfterEach
  void endBatches() throws Exception {
    api.endBatches();
  }

  @AfterAll
  static void stop() {
    fleet.close();
  }

  @Test
  void dispatchesRunsToAWorkerAndStoresTheirResults() throws IOException {
    // when
    fleet.executeTwoRuns(worker);

    // then
    assertThat(hub.list(".caravan/in-flight")).isEmpty();
    assertThat(ScratchHome.names(hub.batch("far").getParent()))
        .allMatch(name -> !name.endsWith(".tmp"));
  }

  @Test
  void writesADeadLetterForARunThatFailedOnAWorker() {
    // when
    hub.drop("bad.yaml", Fleet.config("bad", "fake-exit-3", "retry: {attempts: 2, backoff: 0s}"));

    // then
    results.await("bad");
    assertThat(results.summary("bad").path("failed").asInt()).isEqualTo(1);
    assertThat(hub.batch("bad").resolve("attempts/1/process_result.json")).exists();
    assertThat(hub.list("inbox/.dead")).hasSize(1);
  }

  @Test
  void transfersInputFilesToWorkers() throws IOException {
    // given
    hub.write("mine/prompts.jsonl", "{\"text\": \"Why?\"}\n");
    String config =
        Fleet.config("rows", "fake-ok", "")
            .replace(
                "concurrency: 1",
                "concurrency: 1\n  input_file: prompts.jsonl\n  custom_dataset_type: single_turn");
    hub.write("mine/rows.yaml", config);

    // when
    assertThat(hub.run("submit", "mine/rows.yaml").exit()).isZero();

    // then
    results.await("rows");
    assertThat(results.summary("rows").path("completed").asInt()).isEqualTo(1);
    assertThat(worker.list("datasets")).hasSize(1);
    assertThat(worker.list("datasets").get(0)).hasContent("{\"text\": \"Why?\"}");
  }

  @Test
  void reportsAPoolWithoutWorkers() throws Exception {
    // given
    String reason = "no worker serves pool lab-b";

    // when
    hub.drop("pool.yaml", Fleet.config("pool", "fake-ok", "worker: {pool: lab-b}"));

    // then
    eventually().until(() -> api.get("/api/v1/status").body().contains(reason));
    eventually().until(() -> hub.execute("status").out().contains(reason));
    fleet.startWorker(fleet.worker("w2").with("CARAVAN_WORKER_POOLS", "lab-b,lab-c"));
    results.await("pool");
    assertThat(results.summary("pool").path("completed").asInt()).isEqualTo(1);
  }

  @Test
  void showsWorkersTheirRunsAndTheQueues() throws Exception {
    // given
    String id = Files.readString(worker.home().resolve(".caravan/id")).strip();

    // when
    hub.drop("seen.yaml", Fleet.config("seen", "fake-hang", "worker: {pool: lab-a}"));

    // then
    eventually().until(() -> shown(id).path("runs").size() == 1);
    JsonNode one = shown(id);
    String run = one.path("runs").path(0).asText();
    assertThat(run).startsWith("seen/");
    assertThat(one.path("pools")).extracting(JsonNode::asText).containsExactly("default", "lab-a");
    assertThat(one.path("slots").asInt()).isEqualTo(1);
    assertThat(one.path("last_seen_seconds_ago").asDouble()).isBetween(0.0, 60.0);
    assertThat(api.get("/").body()).contains(">Workers</h2>", id);
    eventually()
        .untilAsserted(
            () ->
                assertThat(api.get("/observe/metrics").body())
                    .contains("caravan_fleet_workers{pool=\"lab-a\"} 1.0")
                    .contains("caravan_fleet_runs_in_flight{pool=\"lab-a\"} 1.0")
                    .contains("caravan_fleet_runs_in_flight{pool=\"default\"} 0.0")
                    .contains("caravan_fleet_queue_depth{pool=\"lab-a\"} 0.0")
                    .contains("caravan_fleet_queue_oldest_age_seconds{pool=\"lab-a\"} 0.0")
                    .contains("caravan_fleet_redeliveries_total 0.0")
                    .contains("caravan_fleet_lost_total 0.0"));
    eventually()
        .until(
            () -> hub.execute("status").out(),
            output -> output.contains(id) && output.contains(run));
    assertThat(hub.run("status", "--server", hub.http()).out()).contains(id, run);
    assertThat(hub.execute("status", "--json").out()).contains("\"workers\"", id);
  }

  /** The worker of all tests, as the hub shows it. */
  private JsonNode shown(String id) throws Exception {
    for (JsonNode each : api.body(api.get("/api/v1/workers")).path("workers")) {
      if (each.path("id").asText().equals(id)) {
        return each;
      }
    }
    return MissingNode.getInstance();
  }

  /** The time to live is compared with the clock of each worker's host. */
  @Test
  void sendsHeartbeatsThatNoClockTakesForExpired() throws Exception {
    try (ActiveMQConnectionFactory connections = new ActiveMQConnectionFactory(fleet.broker);
        JMSContext jms = connections.createContext();
        JMSConsumer heartbeats = jms.createConsumer(jms.createTopic("caravan.hub"))) {
      // when
      Message heartbeat = heartbeats.receive(Program.TIMEOUT.toMillis());

      // then
      assertThat(heartbeat.getJMSExpiration()).isZero();
    }
  }
}
