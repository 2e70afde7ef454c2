package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Program;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Configs in the inbox of a daemon, up to their results. */
class InboxIT extends SharedDaemonTestBase {

  @Test
  void runsAConfigMovedIntoTheInbox() throws IOException {
    // when
    caravan.drop("moved.yaml", config("moved", "fake-ok", "sweeps: {concurrency: [1, 2]}"));

    // then
    home.await("moved");
    assertThat(home.summary("moved").path("completed").asInt()).isEqualTo(2);
    assertThat(home.names("inbox/.done")).contains("moved.yaml");
    assertThat(caravan.list("inbox/.claimed")).isEmpty();
    String id = home.id("moved");
    daemon.awaitLine("Finished: " + caravan.batch("moved"));
    assertThat(daemon.log())
        .containsSubsequence(
            "INFO: [" + id + "] Accepted moved.yaml: 2 runs",
            "INFO: [" + id + "] Run 1/2",
            "INFO: [" + id + "] Run 2 completed successfully",
            "INFO: [" + id + "] Finished: " + caravan.batch("moved"));
  }

  @Test
  void reportsTheRefusalOfASubmittedConfig() {
    // given
    caravan.write("bad.yaml", config("bad", "fake-ok", "sweps: {}"));

    // when
    Program submit = caravan.run("submit", "bad.yaml", "--watch");

    // then
    assertThat(submit.exit()).isEqualTo(2);
    assertThat(submit.err()).contains("sweps: unknown key; did you mean \"sweeps\"?");
  }

  @Test
  void acceptsTheSameFileNameAgain() {
    // given
    caravan.drop("same.yaml", config("same", "fake-ok", ""));
    home.await("same");

    // when
    caravan.drop("same.yaml", config("same", "fake-ok", ""));

    // then
    home.await("same", 2);
    assertThat(home.names("inbox/.done")).contains("same.yaml", "same_2.yaml");
  }
}
