package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cli.ExecutedCommand;
import dev.caravan.testing.ProcFs;
import dev.caravan.testing.SecretFiles;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Configs in the inbox of a daemon, up to their results. */
@DaemonSettings({"CARAVAN_AIPERF_KEY_PASSING=environment", "CANARY_API_KEY=" + InboxIT.KEY})
class InboxIT extends SharedDaemonTestBase {

  static final String KEY = "sk-canary-0123456789abcdef";

  @Test
  void runsAConfigMovedIntoTheInbox() throws IOException {
    // when
    caravan.drop("moved.yaml", config("moved", "fake-ok", "sweeps: {concurrency: [1, 2]}"));

    // then
    home.await("moved");
    assertThat(home.summary("moved").path("completed").asInt()).isEqualTo(2);
    home.awaitArchived("moved.yaml");
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
    Path bad = caravan.write("bad.yaml", config("bad", "fake-ok", "sweps: {}"));

    // when
    ExecutedCommand submit = caravan.execute("submit", bad.toString(), "--watch");

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
    home.awaitArchived("same.yaml", "same_2.yaml");
  }

  @Test
  void refusesBadConfigsWithoutDelayingGoodOnes() throws IOException {
    // given
    caravan.write("inbox/.hidden.yaml", "not: mine");
    caravan.write("inbox/folder.yaml/inner.yaml", "not: mine");
    caravan.write("inbox/notes.txt", "not: mine");
    caravan.write("elsewhere.yaml", config("linked", "fake-ok", ""));
    Files.createSymbolicLink(
        caravan.home().resolve("inbox/link.yaml"), caravan.home().resolve("elsewhere.yaml"));

    // when
    caravan.drop("1-empty.yaml", "");
    caravan.drop("2-binary.yaml", "\0\1\2");
    caravan.drop("3-typo.yaml", config("typo", "fake-ok", "sweps: {}"));
    caravan.drop("4-outside.yaml", config("out", "x", "output_base_dir: ../elsewhere"));
    caravan.drop("5-good.yaml", config("good", "fake-ok", ""));

    // then
    home.await("good");
    eventually().until(() -> failedNumbered().size() == 8);
    assertThat(failedNumbered())
        .containsExactly(
            "1-empty.yaml",
            "1-empty.yaml.problems.txt",
            "2-binary.yaml",
            "2-binary.yaml.problems.txt",
            "3-typo.yaml",
            "3-typo.yaml.problems.txt",
            "4-outside.yaml",
            "4-outside.yaml.problems.txt");
    assertThat(caravan.home().resolve("inbox/.failed/3-typo.yaml.problems.txt"))
        .content()
        .startsWith("3-typo.yaml:")
        .contains("did you mean \"sweeps\"?");
    daemon.awaitLine("ERROR: Refused 3-typo.yaml: see inbox/.failed/3-typo.yaml.problems.txt");
    assertThat(home.names("inbox"))
        .contains(".hidden.yaml", "folder.yaml", "link.yaml", "notes.txt")
        .doesNotContain("5-good.yaml");
  }

  /** {@code SecretCanaryIT} has more outcomes, and messages. */
  @Test
  void showsNoKeyInFilesLogsPagesOrProcessLists() throws Exception {
    // given: an aiperf that prints its environment, one that fails, and one that can be seen
    String keyed =
        config(
                "key",
                "m",
                "retry: {attempts: 1}\n"
                    + "sweeps: {model: [fake-show, fake-unauthorized, fake-sleep-1]}")
            .replace("  model", "  api_key_env_var: CANARY_API_KEY\n  model");
    Set<ProcessHandle> showing = new HashSet<>();

    // when
    caravan.drop("key.yaml", keyed);
    eventually()
        .until(
            () -> {
              showing.addAll(ProcFs.withCommandLine(KEY));
              return daemon.log().stream()
                  .anyMatch(line -> line.contains("/key/") && line.contains("Finished: "));
            });

    // then
    assertThat(showing).isEmpty();
    assertThat(caravan.batch("key").resolve("modelfake-show/stdout.log"))
        .content()
        .contains("CANARY_API_KEY=********");
    assertThat(SecretFiles.containing(caravan.home().getParent(), KEY)).isEmpty();
    Api api = new Api(caravan::http);
    String batch = "batches/" + home.id("key");
    for (String page : List.of("", batch, "api/v1/status", "api/v1/" + batch)) {
      assertShowsNoKey(api.get("/" + page));
    }
    for (int run = 0; run < 3; run++) {
      assertShowsNoKey(api.get("/" + batch + "/runs/" + run));
      assertShowsNoKey(api.get("/api/v1/" + batch + "/runs/" + run));
    }
  }

  private static void assertShowsNoKey(HttpResponse<String> page) {
    assertThat(page.statusCode()).as("%s", page.uri()).isEqualTo(200);
    assertThat(page.body()).as("%s", page.uri()).doesNotContain(KEY);
  }

  private static List<String> failedNumbered() {
    return home.names("inbox/.failed").stream().filter(name -> name.matches("\\d-.*")).toList();
  }
}
