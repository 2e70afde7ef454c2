package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the GitHub Action fails the job, and what does not make it fail. */
class GitHubActionExitTest {

  @TempDir private Path folder;

  private GitHubRunner runner;

  @BeforeEach
  void prepare() throws IOException {
    runner = new GitHubRunner(folder);
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
    assertThat(runner.act()).containsEntry("verdict", verdict).containsEntry("exit", exit);
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
        Files.createDirectories(runner.batch()).resolve("comparison.json"),
        "{\"verdict\": \"%s\", \"sentence\": \"it\"}".formatted(verdict));

    // when, then
    assertThat(runner.act()).containsEntry("verdict", verdict).containsEntry("exit", exit);
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
    assertThat(runner.act()).containsEntry("exit", "1");
  }

  @Test
  void keepsTheBatchWithoutGh() throws Exception {
    // given
    Files.delete(folder.resolve("bin/gh"));
    runner.put("INPUT_BASE", "last-pass");

    // when, then
    assertThat(runner.act())
        .containsEntry("batch", runner.batch().toString())
        .containsEntry("verdict", "NONE")
        .containsEntry("exit", "0");
    assertThat(runner.text("log"))
        .contains("::warning::cannot list the runs of bench.yml: cannot run gh: No such file")
        .contains("::warning::cannot comment on the pull request: cannot run gh");
  }

  @Test
  void doesNotFailWhenItMayNotCommentAndTellsARefusedConfig() throws Exception {
    // given
    runner.put("COMMENT_EXIT", "1");

    // when, then
    assertThat(runner.act()).containsEntry("exit", "0");
    assertThat(runner.text("log")).contains("::warning::cannot comment on the pull request");

    // given
    Files.delete(runner.batch().resolve("report.html"));
    Files.delete(runner.batch());
    runner.put("REFUSES", "yes");

    // when, then
    assertThat(runner.act()).containsEntry("verdict", "NONE").containsEntry("exit", "2");
  }
}
