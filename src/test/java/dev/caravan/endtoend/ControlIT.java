package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static dev.caravan.testing.Results.json;
import static dev.caravan.testing.Results.result;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.cli.ExecutedCommand;
import dev.caravan.testing.Program;
import dev.caravan.testing.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The commands that control a daemon with a fake aiperf. */
class ControlIT extends SharedDaemonTestBase {

  private static final String USER = System.getProperty("user.name");

  @AfterEach
  void letAiperfActByItsModel() throws IOException {
    Files.deleteIfExists(behaviour());
  }

  @Test
  void cancelEndsTheCurrentRunAndKeepsItsResults() throws IOException {
    // given
    caravan.drop("long.yaml", config("long", "fake-tree"));
    eventually().until(() -> caravan.runProcesses().size() >= 3);
    Results.awaitMeasuring(caravan.batch("long").resolve("concurrency1"));

    // when
    Program cancel = caravan.run("cancel", "long", "--why", "wrong model");

    // then
    assertThat(cancel.exit()).as(cancel.err()).isZero();
    assertSent(cancel.out(), "Cancel " + home.id("long"));
    home.await("long");
    assertThat(caravan.runProcesses()).isEmpty();
    JsonNode run = result(caravan.batch("long").resolve("concurrency1"));
    assertThat(run.path("status").asText()).isEqualTo("cancelled");
    assertThat(run.path("final").asBoolean()).isTrue();
    assertThat(run.path("reasons").path(0).asText()).contains("by " + USER + ": wrong model");
    assertThat(run.path("stdout").asText()).contains("PROFILING");
    assertThat(caravan.batch("long").resolve("concurrency2")).doesNotExist();
    assertThat(home.summary("long").path("outcomes").path("cancelled").asInt()).isEqualTo(2);
    JsonNode control = json(caravan.batch("long").resolve("control.json"));
    assertThat(control.path("cancelled").path("by").asText()).isEqualTo(USER);
    assertThat(json(caravan.batch("long").resolve("batch.json")).path("submitted_by").asText())
        .isEqualTo(Files.getOwner(caravan.home()).getName());
  }

  @Test
  void handlesPendingControlRequestsBeforeItStartsRuns() {
    // given
    caravan.drop("pending.yaml", config("pending", "fake-hang"));
    eventually().until(() -> caravan.batches("pending").size() == 1);
    eventually().until(() -> !caravan.runProcesses().isEmpty());
    daemon.terminate();
    daemon.exit();

    // when
    ExecutedCommand cancel = caravan.execute("cancel", home.id("pending"));
    ExecutedCommand status = caravan.execute("status");

    // then
    assertThat(cancel.out()).contains("the request will be carried out when one starts");
    assertThat(status.out())
        .contains("No daemon running for", "1 control request pending", home.id("pending"));
    daemon = caravan.serve();
    home.await("pending");
    daemon.awaitLine("Cancelled " + home.id("pending"));
    assertThat(daemon.err()).doesNotContain("Run 2/2");
  }

  @Test
  void showsTheQueueAndHoldsPausedBatches() throws IOException {
    // given
    caravan.drop("a.yaml", config("a", "fake-hang"));
    eventually().until(() -> !caravan.runProcesses().isEmpty());
    caravan.drop("b.yaml", config("b", "fake-ok"));
    eventually().until(() -> caravan.batches("b").size() == 1);

    // when
    assertSent(caravan.execute("pause", "b").out(), "Pause " + home.id("b"));

    // then
    JsonNode queue =
        eventually()
            .until(
                ControlIT::queue, shown -> shown.path(1).path("state").asText().equals("paused"));
    assertThat(queue.path(0).path("batch").asText()).isEqualTo(home.id("a"));
    assertThat(queue.path(0).path("state").asText()).isEqualTo("running");
    assertThat(queue.path(1).path("message").asText()).isEqualTo("by " + USER);
    eventually()
        .untilAsserted(
            () ->
                assertThat(caravan.execute("status").out())
                    .contains("Daemon running for")
                    .contains("0/2"));
    caravan.write("inbox/a.cancel", "");
    home.await("a");
    assertThat(caravan.batch("b").resolve("concurrency1")).doesNotExist();
    // The daemon lets go of a batch a moment after its summary says that it is finished.
    eventually()
        .until(
            () -> caravan.execute("pause", "a").err(),
            error -> error.contains(home.id("a") + " is finished"));
    caravan.execute("resume", "b");
    home.await("b");
  }

  @Test
  void retriesFailedRunsAndRefusesTheRest() throws IOException {
    // given
    caravan.drop("bad.yaml", "retry: {attempts: 1}\n" + config("bad", "fake-exit-3"));
    home.await("bad");
    assertThat(home.summary("bad").path("failed").asInt()).isEqualTo(2);
    assertThat(deadLetters()).hasSize(2);
    Files.writeString(behaviour(), "fake-ok\n");

    // when
    ExecutedCommand one = caravan.execute("retry", "bad", "--failed", "--where", "concurrency=2");

    // then
    assertThat(one.exit()).as(one.err()).isZero();
    Path run = caravan.batch("bad").resolve("concurrency2");
    eventually().until(() -> Files.exists(run.resolve("attempts/1/process_result.json")));
    eventually().until(() -> Files.exists(run.resolve("process_result.json")));
    assertThat(result(run).path("attempt").asInt()).isEqualTo(2);
    eventually().until(() -> home.summary("bad").path("completed").asInt() == 1);
    assertThat(deadLetters()).hasSize(1);
    ExecutedCommand completed = caravan.execute("retry", home.id("bad") + "/concurrency2");
    assertThat(completed.exit()).isEqualTo(2);
    assertThat(completed.err()).contains("only --force runs it again");
    assertThat(caravan.execute("cancel", "nobody").err())
        .contains("there is no batch or run \"nobody\"");

    // and when
    Path deadLetter = deadLetters().get(0);
    Files.move(deadLetter, caravan.home().resolve("inbox").resolve(deadLetter.getFileName()));

    // then
    eventually().until(() -> home.summary("bad").path("completed").asInt() == 2);
    assertThat(result(caravan.batch("bad").resolve("concurrency1")).path("attempt").asInt())
        .isEqualTo(2);
    assertThat(deadLetters()).isEmpty();
  }

  private static JsonNode queue() throws IOException {
    return new ObjectMapper().readTree(caravan.execute("status", "--json").out()).path("queue");
  }

  private static String config(String batchName, String model) {
    return config(batchName, model, "sweeps: {concurrency: [1, 2]}");
  }

  private static List<Path> deadLetters() {
    return caravan.list("inbox/.dead").stream()
        .filter(letter -> letter.getFileName().toString().startsWith("bad."))
        .toList();
  }

  /** Overrides the behaviour that runs select by their model. */
  private static Path behaviour() {
    return caravan.home().resolveSibling("bin/behaviour");
  }
}
