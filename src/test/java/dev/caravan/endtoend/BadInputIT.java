package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invalid input, dropped into the inbox of a running daemon. */
@DaemonSettings("CARAVAN_BATCH_MAX_RUNS=1000")
class BadInputIT extends SharedDaemonTestBase {

  @Test
  void refusesWhatRunsCouldNotUseAndDatasetsThatAiperfCannotRead(@TempDir Path elsewhere)
      throws IOException {
    // given
    Files.createSymbolicLink(caravan.home().resolve("linked"), elsewhere);
    caravan.write("aiperf_results/notes", "a file");
    caravan.write("datasets/bom.jsonl", "\uFEFF{\"text\": \"a\"}\n");
    caravan.write("datasets/cut.jsonl", "{\"text\": \"a\"}\n{\"text\": \"b");

    // when
    Map<String, String> expected = new LinkedHashMap<>();
    drop(expected, "linked", config("output_base_dir: linked"), "caravan.results.roots");
    drop(expected, "file", config("").replace("bad", "notes"), "notes is not a folder");
    drop(expected, "inside", config("output_base_dir: inbox"), "which Caravan uses itself");
    drop(expected, "newest", config("").replace("bad", "latest"), "the newest batch");
    drop(expected, "bom", config("").replace("  url", "  input_file: bom.jsonl\n  url"), "line 1");
    drop(expected, "cut", config("").replace("  url", "  input_file: cut.jsonl\n  url"), "line 2");
    caravan.drop("zz-usable.yaml", config("").replace("bad", "usable"));

    // then
    home.await("usable");
    assertRefused(expected);
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void refusesInvalidConfigsWithAReasonWithoutDelayingOthers() {
    // when
    Map<String, String> expected = new LinkedHashMap<>();
    drop(expected, "nothing", "", "empty");
    drop(expected, "binary", "\1\2\3\0", "control character");
    drop(expected, "large", "# " + "x".repeat(2 << 20), "a config has at most 1048576");
    drop(expected, "two", config("") + "---\n" + config(""), "document");
    drop(expected, "tabs", "base_config:\n\tmodel: x\n", "tab");
    drop(expected, "bomb", bomb(), "alias");
    drop(expected, "no-yaml", "a: [1, 2", "no-yaml.yaml:");
    drop(expected, "no-mapping", "- a\n- b\n", "no-mapping.yaml:1:1");
    drop(expected, "duplicate", config("batch_name: again"), "batch_name");
    drop(
        expected, "name", config("").replace("batch_name: bad", "batch_name: ../up"), "batch_name");
    drop(expected, "outside", config("output_base_dir: /tmp"), "caravan.results.roots");
    drop(expected, "many", config("sweeps: {concurrency: " + numbers() + "}"), "1001");
    drop(expected, "key", config("").replace("  url", "  api_key_env_var: HOME\n  url"), "allowed");
    drop(
        expected,
        "unset",
        config("").replace("  url", "  api_key_env_var: NO_KEY\n  url"),
        "NO_KEY");
    drop(expected, "option", config("").replace("  url", options("ui_type: x")), "ui_type");
    drop(expected, "later", config("search: {concurrency: [1, 2]}"), "search");
    caravan.drop("zz-good.yaml", config("").replace("bad", "good"));

    // then
    home.await("good");
    assertRefused(expected);
    assertThat(caravan.batches("bad")).isEmpty();
    assertThat(daemon.err()).doesNotContain("\tat ");
  }

  private static void assertRefused(Map<String, String> expected) {
    eventually().until(() -> home.names("inbox/.failed").containsAll(problemFiles(expected)));
    SoftAssertions softly = new SoftAssertions();
    expected.forEach(
        (name, text) ->
            softly
                .assertThat(caravan.home().resolve("inbox/.failed/" + name + ".yaml.problems.txt"))
                .content()
                .as(name)
                .contains(text)
                .hasSizeLessThan(2_000));
    softly.assertAll();
  }

  private static List<String> problemFiles(Map<String, String> expected) {
    return expected.keySet().stream().map(name -> name + ".yaml.problems.txt").toList();
  }

  private void drop(Map<String, String> expected, String name, String config, String text) {
    caravan.drop(name + ".yaml", config);
    expected.put(name, text);
  }

  private static String bomb() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int level = 1; level <= 10; level++) {
      String below = "*a" + (level - 1);
      bomb.append("a%d: &a%d [%s]\n".formatted(level, level, (below + ", ").repeat(9) + below));
    }
    return bomb.toString();
  }

  private static String numbers() {
    StringBuilder numbers = new StringBuilder("[1");
    for (int n = 2; n <= 1001; n++) {
      numbers.append(", ").append(n);
    }
    return numbers.append(']').toString();
  }

  private static String options(String option) {
    return "  aiperf_options: {" + option + "}\n  url";
  }

  private String config(String more) {
    return """
        batch_name: bad
        readiness: {preflight: false}
        base_config:
          model: fake-ok
          url: %s
          warmup_request_count: 1
          benchmark_duration: 1
          concurrency: 1
        %s
        """
        .formatted(llm.url(), more);
  }
}
