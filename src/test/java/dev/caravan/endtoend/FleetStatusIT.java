package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.Caravan;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Pages, metrics and commands that show the workers of a hub. */
class FleetStatusIT extends FleetTestBase {

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void showsWorkersTheirRunsAndTheQueues() throws Exception {
    // given: no lease that a busy machine could let expire
    hub.with("CARAVAN_WORKER_LEASE", "60s");
    startHub();
    Caravan worker =
        worker("w1")
            .with("CARAVAN_WORKER_POOLS", "default,lab-a")
            .with("CARAVAN_WORKER_LEASE", "60s");
    startWorker(worker);
    String id = Files.readString(worker.home().resolve(".caravan/id")).strip();

    // when
    hub.drop("seen.yaml", config("seen", "fake-hang", "worker: {pool: lab-a}"));

    // then
    eventually().until(() -> workers().path(0).path("runs").size() == 1);
    JsonNode one = workers().path(0);
    String run = one.path("runs").path(0).asText();
    assertThat(run).startsWith("seen/");
    assertThat(one.path("id").asText()).isEqualTo(id);
    assertThat(one.path("pools")).extracting(JsonNode::asText).containsExactly("default", "lab-a");
    assertThat(one.path("slots").asInt()).isEqualTo(1);
    assertThat(one.path("last_seen_seconds_ago").asDouble()).isBetween(0.0, 10.0);
    assertThat(get("/")).contains(">Workers</h2>", id);
    assertThat(get("/observe/metrics"))
        .contains("caravan_fleet_workers{pool=\"lab-a\"} 1.0")
        .contains("caravan_fleet_runs_in_flight{pool=\"lab-a\"} 1.0")
        .contains("caravan_fleet_runs_in_flight{pool=\"default\"} 0.0")
        .contains("caravan_fleet_queue_depth{pool=\"lab-a\"} 0.0")
        .contains("caravan_fleet_queue_oldest_age_seconds{pool=\"lab-a\"} 0.0")
        .contains("caravan_fleet_redeliveries_total 0.0", "caravan_fleet_lost_total 0.0");
    eventually()
        .until(
            () -> hub.run("status").out(), output -> output.contains(id) && output.contains(run));
    assertThat(hub.run("status", "--server", hub.http()).out()).contains(id, run);
    assertThat(hub.run("status", "--json").out()).contains("\"workers\"", id);
  }

  private JsonNode workers() throws IOException, InterruptedException {
    return new ObjectMapper().readTree(get("/api/v1/workers")).path("workers");
  }

  private String get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(hub.http() + path)).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
