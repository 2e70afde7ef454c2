package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.Program;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The commands with {@code --server}, which work as on the files of a home. */
class RemoteIT extends FakeAiperfTestBase {

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http = HttpClient.newHttpClient();

  @Override
  void configure(Caravan program, Path folder) {
    program
        .with("CARAVAN_INBOX_SETTLE", "0s")
        .with("CARAVAN_LOCKS_DIR", folder.resolve("locks").toString())
        .with("CARAVAN_DISK_MIN_FREE", "1MB")
        .with("CARAVAN_READINESS_INTERVAL", "300ms");
  }

  private Program remote(String... command) {
    List<String> message = new ArrayList<>(Arrays.asList(command));
    message.addAll(List.of("--server", caravan.http()));
    return caravan.run(message.toArray(String[]::new));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(caravan.http() + path)).build(), BodyHandlers.ofString());
  }

  @Test
  void followsABatchAndWritesMachineReadableOutputs() throws Exception {
    // given
    caravan.serve();
    Path config =
        caravan.write("elsewhere/x.yaml", config("x", "fake-ok", "sweeps: {concurrency: [1, 2]}"));
    Path bad =
        caravan.write("elsewhere/b.yaml", config("b", "fake-exit-3", "retry: {attempts: 1}"));
    Path junit = caravan.home().resolve("elsewhere/junit.xml");

    // when
    Program watched =
        remote("submit", config.toString(), "--watch", "--json", "--junit", junit.toString());
    Program failed = remote("submit", bad.toString(), "--watch");

    // then
    assertThat(watched.exit()).as(watched.err()).isZero();
    JsonNode data = json.readTree(watched.out());
    assertThat(data.toString()).contains(home.id("x"));
    assertThat(watched.err())
        .contains(
            "Running 2 benchmarks", "Run 1/2 succeeded", "Run 2/2 succeeded", "Completed  : 2");
    assertThat(Files.readString(junit)).contains("concurrency1", "concurrency2");
    assertThat(failed.exit()).isEqualTo(1);
    assertThat(failed.out()).startsWith(home.id("b") + "\n").contains("FAILED", "crashed");

    // then
    assertThat(remote("watch", "x").err()).contains("Completed  : 2");
    assertThat(remote("list", "--outcome", "failed").out())
        .contains(home.id("b"))
        .doesNotContain(home.id("x"));
    assertThat(remote("report", "latest", "latest~1", "--format", "md").out().replace("\\", ""))
        .contains(home.id("x"), home.id("b"));
    Path page = caravan.home().resolve("elsewhere/page.html");
    assertThat(remote("report", "x", "--output", page.toString()).exit()).isZero();
    assertThat(page).content().contains(home.id("x"));
  }

  @Test
  void controlsBatchesByNameOrId() throws Exception {
    // given
    caravan.serve();
    Path config =
        caravan.write("elsewhere/x.yaml", config("x", "fake-ok", "sweeps: {concurrency: [1, 2]}"));
    String id = remote("submit", config.toString()).out().strip();
    home.await("x");

    // when
    Program again = remote("retry", "latest", "--where", "concurrency=2", "--force");
    Program none = remote("retry", "x", "--failed");
    Program noKey = remote("retry", "x", "--where", "request_rate=2");
    Program completed = remote("retry", id + "/concurrency1");

    // then
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(again.out()).isEqualTo("Retry " + id + ": done\n");
    Path folder = caravan.batch("x");
    eventually().until(() -> Files.isDirectory(folder.resolve("concurrency2/attempts/1")));
    assertThat(folder.resolve("concurrency1/attempts")).doesNotExist();
    assertThat(none.exit()).isEqualTo(2);
    assertThat(none.err()).contains("no failed run of " + id + " matches");
    assertThat(noKey.err()).contains("do not differ in \"request_rate\"");
    assertThat(completed.err()).contains("run 1 of " + id + " completed");

    // then
    assertThat(remote("pause", "--why", "lunch").exit()).isZero();
    assertThat(remote("status").out()).contains("Everything is paused", "lunch");
    Program pause = remote("pause", "latest/concurrency1");
    assertThat(pause.exit()).isEqualTo(2);
    assertThat(pause.err()).contains("only batches and services can be paused");
    for (String command : List.of("serve", "demo")) {
      Program here = remote(command);
      assertThat(here.exit()).as(command).isEqualTo(2);
      assertThat(here.err()).contains("--server cannot be used with `" + command + "`");
    }
    assertThat(caravan.run("status", "--server", "bench-host").exit()).isEqualTo(2);
    for (String name : List.of("/", "/etc", "..", "../x", "x/..", ".", "nothing", "", "latest~9")) {
      HttpResponse<String> found =
          get("/api/v1/find?name=" + java.net.URLEncoder.encode(name, "UTF-8"));
      assertThat(found.statusCode()).as(name).isEqualTo(404);
    }
    assertThat(get("/api/v1/find?name=" + caravan.batch("x")).statusCode())
        .as("no folder of the machine is named from elsewhere")
        .isEqualTo(404);
  }

  @Test
  void validatesAndPlansByTheRulesOfTheDaemon() {
    // given
    caravan.serve();
    Path good =
        caravan.write("elsewhere/x.yaml", config("x", "fake-ok", "sweeps: {concurrency: [1, 2]}"));
    Path key =
        caravan.write(
            "elsewhere/k.yaml",
            config("k", "fake-ok", "")
                .replace("  model", "  api_key_env_var: SOME_API_KEY\n  model"));

    // when
    Program plan = remote("plan", good.toString());
    Program validate = remote("validate", good.toString(), key.toString());

    // then
    assertThat(plan.out())
        .contains(
            "Run 1/2: aiperf_results/x/<timestamp>/concurrency1",
            "Estimated time: about 0 min 10 s");
    assertThat(plan.out().replace("\\", ""))
        .isEqualTo(caravan.run("plan", good.toString()).out().replace("\\", ""));
    assertThat(validate.exit()).isEqualTo(2);
    assertThat(validate.out()).contains("x.yaml: valid, 2 runs");
    assertThat(validate.err()).contains("api_key_env_var");
  }
}
