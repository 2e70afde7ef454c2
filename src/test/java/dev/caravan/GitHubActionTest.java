package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script of the GitHub Action, with the variables of a runner and a fake caravan and gh. */
class GitHubActionTest {

  private static final String FAKE_CARAVAN =
      """
      #!/bin/sh
      for each; do printf '[%s]' "$each" >> "$CALLS"; done
      echo >> "$CALLS"
      for last; do :; done
      case $1 in
        setup) exit 0 ;;
        run)
          [ ! "$REFUSES" ] || exit 2
          mkdir -p "$BATCH" && touch "$BATCH/report.html"
          [ ! "$SUMMARY" ] || echo "$SUMMARY" > "$BATCH/summary.json"
          exit "${RUN_EXIT:-0}" ;;
        list) [ -d "$BATCH" ] && echo "[{\\"id\\": \\"${NAME:-bench}/20261128_020000\\", \\"folder\\": \\"$BATCH\\"}]" ;;
        compare)
          case $* in
            *json*) echo "{\\"verdict\\": \\"$VERDICT\\", \\"sentence\\": \\"$VERDICT it\\"}" > "$last" ;;
            *) echo "**$VERDICT** it" > "$last" ;;
          esac ;;
        report) seq -f '| row %.0f |' "${ROWS:-1}" > "$last" ;;
      esac
      """;

  private static final String FAKE_GH =
      """
      #!/bin/sh
      for each; do printf '[%s]' "$each" >> "$CALLS.gh"; done
      echo >> "$CALLS.gh"
      case "$1 $2" in
        'run list') [ "$RUNS" ] || { echo no permission >&2; exit 1; }; echo "$RUNS" ;;
        'run view') [ "$3" = 9 ] && echo pull_request || echo push ;;
        'api repos/me/model/actions/artifacts?'*) printf '%s' "$ARTIFACTS" ;;
        'run download')
          [ "$3" = 9 ] || [ "$3" = 8 ] || exit 1
          for last; do :; done
          mkdir -p "$last" ;;
        'api --paginate') printf '%s' "$COMMENTS" ;;
        'api --method') cat >> "$CALLS.body"; exit "${COMMENT_EXIT:-0}" ;;
      esac
      """;

  @TempDir private Path folder;

  private final Map<String, String> runner = new HashMap<>();

  @BeforeEach
  void prepare() throws IOException {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    script(bin.resolve("caravan"), FAKE_CARAVAN);
    script(bin.resolve("gh"), FAKE_GH);
    runner.put("PATH", bin + ":" + System.getenv("PATH"));
    runner.put("PIP_NO_INDEX", "1"); // without its fake, the script runs the checkout
    runner.put("CALLS", folder.resolve("calls").toString());
    runner.put("BATCH", folder.resolve("results/bench/20261128_020000").toString());
    runner.put("VERDICT", "PASS");
    runner.put(
        "RUNS",
        """
        [{"databaseId": 9, "event": "pull_request"}, {"databaseId": 6, "event": "push"},
        {"databaseId": 5, "event": "pull_request_target"}, {"databaseId": 8, "event": "schedule"}]
        """);
    runner.put("ARTIFACTS", "9\n8\n");
    runner.put("RUNNER_TEMP", Files.createDirectory(folder.resolve("temp")).toString());
    runner.put("GITHUB_OUTPUT", folder.resolve("outputs").toString());
    runner.put("GITHUB_STEP_SUMMARY", folder.resolve("summary").toString());
    runner.put("GITHUB_REPOSITORY", "me/model");
    runner.put("GITHUB_REF", "refs/pull/7/merge");
    runner.put("GITHUB_BASE_REF", "main");
    runner.put("GITHUB_SHA", "0123456789abcdef0123");
    runner.put("GITHUB_WORKFLOW_REF", "me/model/.github/workflows/bench.yml@refs/pull/7/merge");
    runner.put("GITHUB_SERVER_URL", "https://github.com");
    runner.put("GITHUB_RUN_ID", "42");
    runner.put("INPUT_CONFIG", "bench.yaml");
    runner.put("INPUT_COMMENT", "true");
    runner.put("INPUT_FAIL_ON", "regression");
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Runs the script; returns its outputs. */
  private Map<String, String> act() throws Exception {
    ProcessBuilder builder = new ProcessBuilder("python3", "scripts/action.py");
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
    builder.environment().putAll(runner);
    int exit = builder.start().waitFor();
    assertThat(exit).as(text("log")).isZero();
    Map<String, String> outputs = new TreeMap<>();
    for (String line : text("outputs").lines().toList()) {
      outputs.put(line.replaceFirst("=.*", ""), line.replaceFirst("[^=]*=", ""));
    }
    return outputs;
  }

  private String text(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
  }

  @Test
  void comparesWithTheNewestRunOfTheBaseBranchThatSucceededAndHasABatch() throws Exception {
    // given
    runner.put("INPUT_BASE", "last-pass");

    // when
    Map<String, String> outputs = act();

    // then
    assertThat(outputs)
        .containsEntry("verdict", "PASS")
        .containsEntry("exit", "0")
        .containsEntry("artifact", "caravan-bench")
        .containsEntry("batch", runner.get("BATCH"))
        .containsEntry("report", runner.get("BATCH") + "/report.html");
    assertThat(text("calls.gh"))
        .contains("[--workflow][bench.yml][--branch][main][--status][success]")
        .contains("[run][download][6][--repo][me/model][--name][caravan-bench]")
        .doesNotContain("[download][9]", "[download][5]")
        .contains("[run][download][8][--repo][me/model][--name][caravan-bench]")
        .contains("[--method][POST][repos/me/model/issues/7/comments]");
    assertThat(text("calls")).containsPattern("\\[compare]\\[\\S+/base]\\[" + runner.get("BATCH"));
    assertThat(text("calls.body"))
        .contains("<!-- caravan caravan-bench -->", "**PASS** it", "me/model/actions/runs/42");
    assertThat(text("summary")).contains("**PASS** it");
  }

  @Test
  void editsItsLastComment() throws Exception {
    // given
    runner.put("COMMENTS", "11\n12\n");

    // when
    act();

    // then
    assertThat(text("calls.gh"))
        .contains("[.[] | select(.user.type == \"Bot\" and (.body | startswith(\"<!-- caravan")
        .contains("[--method][PATCH][repos/me/model/issues/comments/12]")
        .doesNotContain("[POST]");
  }

  @Test
  void passesInputsOnAsTheyAre() throws Exception {
    // given
    runner.put("INPUT_SET", "base_config.url=http://x:1/$(touch pwned)\nsweeps={a: [1, 2]}\n");
    runner.put("INPUT_LABELS", "image=\"; exit 1 #\n");
    runner.put("INPUT_NAME", "pr 7");

    // when
    act();

    // then
    assertThat(text("calls"))
        .contains(
            "[--name][pr 7]"
                + "[--set][base_config.url=http://x:1/$(touch pwned)][--set][sweeps={a: [1, 2]}]"
                + "[--label][image=\"; exit 1 #][--label][commit=0123456789ab]");
  }

  @ParameterizedTest
  @CsvSource({
    "FAIL,regression,0,1",
    "FAIL,never,0,0",
    "INCONCLUSIVE,regression,0,0",
    "INCONCLUSIVE,inconclusive,0,4",
    "REFUSED,regression,0,2",
    "PASS,never,1,1"
  })
  void failsTheJobByTheVerdictAndByTheRun(String verdict, String failOn, String run, String exit)
      throws Exception {
    // given
    runner.put("INPUT_BASE", Files.createDirectory(folder.resolve("before")).toString());
    runner.put("VERDICT", verdict);
    runner.put("INPUT_FAIL_ON", failOn);
    runner.put("RUN_EXIT", run);

    // when, then
    assertThat(act()).containsEntry("verdict", verdict).containsEntry("exit", exit);
  }

  @ParameterizedTest
  @CsvSource({
    "FAIL,1,0,never,0",
    "FAIL,1,0,regression,1",
    "INCONCLUSIVE,4,0,regression,0",
    "INCONCLUSIVE,4,0,inconclusive,4",
    "FAIL,1,2,never,1"
  })
  void tellsAFailedRunFromTheVerdictThatTheConfigAskedFor(
      String verdict, String run, String failed, String failOn, String exit) throws Exception {
    // given
    runner.put("SUMMARY", "{\"failed\": " + failed + ", \"finished_at\": \"2026-11-28\"}");
    runner.put("RUN_EXIT", run);
    runner.put("INPUT_FAIL_ON", failOn);
    Files.writeString(
        Files.createDirectories(Path.of(runner.get("BATCH"))).resolve("comparison.json"),
        "{\"verdict\": \"%s\", \"sentence\": \"it\"}".formatted(verdict));

    // when, then
    assertThat(act()).containsEntry("verdict", verdict).containsEntry("exit", exit);
  }

  @Test
  void failsForASearchWithoutAnAnswerWhateverTheVerdict() throws Exception {
    // given
    runner.put(
        "SUMMARY",
        """
        {"failed": 0, "finished_at": "2026-11-28", "search": {"unanswered": "no answer at 48"}}""");
    runner.put("RUN_EXIT", "1");
    runner.put("INPUT_FAIL_ON", "never");

    // when, then
    assertThat(act()).containsEntry("exit", "1");
  }

  @Test
  void labelsTheCommitOfAPullRequestAndNotTheTriedMerge() throws Exception {
    // given
    Path event = folder.resolve("event.json");
    Files.writeString(event, "{\"pull_request\": {\"head\": {\"sha\": \"fedcba9876543210\"}}}");
    runner.put("GITHUB_EVENT_PATH", event.toString());

    // when
    act();

    // then
    assertThat(text("calls")).contains("[--label][commit=fedcba987654]");
  }

  @Test
  void commentsOnThePullRequestOfTheEventWhereTheRefIsTheBranchToMergeInto() throws Exception {
    // given
    Path event = folder.resolve("event.json");
    Files.writeString(event, "{\"pull_request\": {\"number\": 12, \"head\": {\"sha\": \"fedc\"}}}");
    runner.put("GITHUB_EVENT_PATH", event.toString());
    runner.put("GITHUB_REF", "refs/heads/main");

    // when
    act();

    // then
    assertThat(text("calls.gh")).contains("[POST][repos/me/model/issues/12/comments]");
  }

  @Test
  void commentsOnNothingAfterAPush() throws Exception {
    // given
    Path event = folder.resolve("event.json");
    Files.writeString(event, "{\"pull_request\": null}");
    runner.put("GITHUB_EVENT_PATH", event.toString());
    runner.put("GITHUB_REF", "refs/heads/main");

    // when
    act();

    // then
    assertThat(text("calls")).contains("[--label][commit=0123456789ab]");
    assertThat(text("calls.gh")).doesNotContain("comments");
  }

  @Test
  void saysWhenThereIsNothingToCompareWith() throws Exception {
    // given
    runner.put("INPUT_BASE", "last-pass");
    runner.put("RUNS", "[]");

    // when, then
    assertThat(act()).containsEntry("verdict", "NONE").containsEntry("exit", "0");
    assertThat(text("calls.body"))
        .contains("Compared with nothing: no run of bench.yml on main", "| row 1 |");
  }

  @Test
  void saysThatItCannotLookForSomethingToCompareWith() throws Exception {
    // given
    runner.put("INPUT_BASE", "last-pass");
    runner.put("RUNS", "");

    // when, then
    assertThat(act()).containsEntry("verdict", "NONE");
    assertThat(text("log"))
        .contains("::warning::cannot list the runs of bench.yml: no permission")
        .contains("Compared with nothing: cannot list the runs of bench.yml.")
        .doesNotContain("has kept a batch");
  }

  @Test
  void keepsTheBatchWithoutGh() throws Exception {
    // given
    Files.delete(folder.resolve("bin/gh"));
    runner.put("INPUT_BASE", "last-pass");

    // when, then
    assertThat(act())
        .containsEntry("batch", runner.get("BATCH"))
        .containsEntry("verdict", "NONE")
        .containsEntry("exit", "0");
    assertThat(text("log"))
        .contains("::warning::cannot list the runs of bench.yml: cannot run gh: No such file")
        .contains("::warning::cannot comment on the pull request: cannot run gh");
  }

  @Test
  void cutsALongTableAfterARowAndSaysSo() throws Exception {
    // given
    runner.put("ROWS", "9000");

    // when
    act();

    // then
    String comment = new ObjectMapper().readTree(text("calls.body")).path("body").asText();
    assertThat(comment)
        .hasSizeBetween(59_000, 61_000)
        .containsPattern(
            "\\n\\| row \\d+ \\|\\n\\n… The rest is left out here; the report has all\\.\\n\\n\\[Run")
        .endsWith("/actions/runs/42) of bench/20261128_020000");
  }

  @ParameterizedTest
  @CsvSource({"模型甲,-b006bbb3", "模型乙,-d1a4a36a"})
  void tellsNamesInOtherScriptsApart(String name, String digest) throws Exception {
    // given
    runner.put("NAME", name);

    // when, then
    assertThat(act()).containsEntry("artifact", "caravan-___" + digest);
  }

  @Test
  void takesAnArtifactOrTheVerdictOfTheConfig() throws Exception {
    // given
    runner.put("INPUT_BASE", "artifact:release");

    // when
    act();

    // then
    assertThat(text("calls.gh"))
        .contains("[api][repos/me/model/actions/artifacts?per_page=100&name=release]")
        .contains("[run][download][8][--repo][me/model][--name][release]")
        .doesNotContain("[download][9]");

    // given
    runner.remove("INPUT_BASE");
    Files.writeString(
        Path.of(runner.get("BATCH")).resolve("comparison.json"),
        "{\"verdict\": \"FAIL\", \"sentence\": \"FAIL by its config\"}");

    // when, then
    assertThat(act()).containsEntry("verdict", "FAIL").containsEntry("exit", "1");
    assertThat(text("calls.body")).contains("FAIL by its config");
  }

  @Test
  void doesNotFailWhenItMayNotCommentAndTellsARefusedConfig() throws Exception {
    // given
    runner.put("COMMENT_EXIT", "1");

    // when, then
    assertThat(act()).containsEntry("exit", "0");
    assertThat(text("log")).contains("::warning::cannot comment on the pull request");

    // given
    Files.delete(Path.of(runner.get("BATCH"), "report.html"));
    Files.delete(Path.of(runner.get("BATCH")));
    runner.put("REFUSES", "yes");

    // when, then
    assertThat(act()).containsEntry("verdict", "NONE").containsEntry("exit", "2");
  }
}
