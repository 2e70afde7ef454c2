package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.cli.ExecutedCommand;
import dev.caravan.testing.Program;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The commands with {@code --server}, which work as on the files of a home. */
class RemoteIT extends SharedDaemonTestBase {

  private final ObjectMapper json = new ObjectMapper();
  private final Api api = new Api(caravan::http);

  private ExecutedCommand remote(String... command) {
    List<String> message = new ArrayList<>(Arrays.asList(command));
    message.addAll(List.of("--server", caravan.http()));
    return caravan.execute(message.toArray(String[]::new));
  }

  @Test
  void followsABatchAndWritesMachineReadableOutputs() throws Exception {
    // given
    Path config =
        caravan.write(
            "elsewhere/followed.yaml",
            config("followed", "fake-ok", "sweeps: {concurrency: [1, 2]}"));
    Path bad =
        caravan.write(
            "elsewhere/crashed.yaml", config("crashed", "fake-exit-3", "retry: {attempts: 1}"));
    Path junit = caravan.home().resolve("elsewhere/junit.xml");

    // when
    Program watched =
        caravan.run(
            "submit",
            config.toString(),
            "--watch",
            "--json",
            "--junit",
            junit.toString(),
            "--server",
            caravan.http());
    ExecutedCommand failed = remote("submit", bad.toString(), "--watch");

    // then
    assertThat(watched.exit()).as(watched.err()).isZero();
    JsonNode data = json.readTree(watched.out());
    assertThat(data.toString()).contains(home.id("followed"));
    assertThat(watched.err())
        .contains(
            "Running 2 benchmarks",
            "Run 1/2 succeeded",
            "Run 2/2 succeeded",
            "Completed  : 2",
            home.id("followed") + "/report.html");
    assertThat(Files.readString(junit)).contains("concurrency1", "concurrency2");
    assertThat(failed.exit()).isEqualTo(1);
    assertThat(failed.out()).startsWith(home.id("crashed") + "\n").contains("FAILED", "crashed");

    // then
    assertThat(remote("watch", "followed").err()).contains("Completed  : 2");
    assertThat(remote("list", "--outcome", "failed").out())
        .contains(home.id("crashed"))
        .doesNotContain(home.id("followed"));
    assertThat(remote("report", "latest", "latest~1", "--format", "md").out().replace("\\", ""))
        .contains(home.id("followed"), home.id("crashed"));
    Path page = caravan.home().resolve("elsewhere/page.html");
    assertThat(remote("report", "followed", "--output", page.toString()).exit()).isZero();
    assertThat(page).content().contains(home.id("followed"));
  }

  @Test
  void controlsBatchesByNameOrId() throws Exception {
    // given
    caravan.drop("x.yaml", config("x", "fake-ok", "sweeps: {concurrency: [1, 2]}"));
    home.await("x");
    String id = home.id("x");

    // when
    ExecutedCommand again = remote("retry", "latest", "--where", "concurrency=2", "--force");
    ExecutedCommand completed = remote("retry", id + "/concurrency1");

    // then
    assertThat(again.exit()).as(again.err()).isZero();
    assertSent(again.out(), "Retry " + id);
    Path folder = caravan.batch("x");
    eventually().until(() -> Files.isDirectory(folder.resolve("concurrency2/attempts/1")));
    assertThat(folder.resolve("concurrency1/attempts")).doesNotExist();
    assertThat(completed.exit()).isEqualTo(2);
    assertThat(completed.err()).contains("run 1 of " + id + " completed");

    // then
    assertThat(remote("pause", "--why", "lunch").exit()).isZero();
    eventually()
        .untilAsserted(
            () -> assertThat(remote("status").out()).contains("Everything is paused", "lunch"));
    for (String name : List.of("/", "/etc", "..", "../x", "x/..", ".", "nothing", "", "latest~9")) {
      HttpResponse<String> found =
          api.get("/api/v1/find?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8));
      assertThat(found.statusCode()).as(name).isEqualTo(404);
    }
    assertThat(api.get("/api/v1/find?name=" + caravan.batch("x")).statusCode())
        .as("no folder of the machine is named from elsewhere")
        .isEqualTo(404);
  }

  @Test
  void validatesAndPlansByTheRulesOfTheDaemon() {
    // given
    Path good =
        caravan.write(
            "elsewhere/planned.yaml",
            config("planned", "fake-ok", "sweeps: {concurrency: [1, 2]}"));
    Path key =
        caravan.write(
            "elsewhere/k.yaml",
            config("k", "fake-ok", "")
                .replace("  model", "  api_key_env_var: SOME_API_KEY\n  model"));

    // when
    ExecutedCommand plan = remote("plan", good.toString());
    ExecutedCommand validate = remote("validate", good.toString(), key.toString());

    // then
    assertThat(plan.out())
        .contains(
            "Run 1/2: aiperf_results/planned/<timestamp>/concurrency1",
            "Estimated time: about 0 min 10 s");
    assertThat(plan.out().replace("\\", ""))
        .isEqualTo(caravan.execute("plan", good.toString()).out().replace("\\", ""));
    assertThat(validate.exit()).isEqualTo(2);
    assertThat(validate.out()).contains("planned.yaml: valid, 2 runs");
    assertThat(validate.err()).contains("api_key_env_var");
  }
}
