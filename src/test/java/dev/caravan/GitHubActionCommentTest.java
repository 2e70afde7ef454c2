package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The comment of the GitHub Action on a pull request. */
class GitHubActionCommentTest {

  private GitHubRunner runner;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    runner = new GitHubRunner(folder);
  }

  @Test
  void editsItsLastComment() throws Exception {
    // given
    runner.put("COMMENTS", "11\n12\n");

    // when
    runner.act();

    // then
    assertThat(runner.text("calls.gh"))
        .contains("[.[] | select(.user.type == \"Bot\" and (.body | startswith(\"<!-- caravan")
        .contains("[--method][PATCH][repos/me/model/issues/comments/12]")
        .doesNotContain("[POST]");
  }

  @Test
  void commentsOnThePullRequestOfTheEventWhereTheRefIsTheBranchToMergeInto() throws Exception {
    // given
    runner.putEvent("{\"pull_request\": {\"number\": 12, \"head\": {\"sha\": \"fedc\"}}}");
    runner.put("GITHUB_REF", "refs/heads/main");

    // when
    runner.act();

    // then
    assertThat(runner.text("calls.gh")).contains("[POST][repos/me/model/issues/12/comments]");
  }

  @Test
  void commentsOnNothingAfterAPush() throws Exception {
    // given
    runner.putEvent("{\"pull_request\": null}");
    runner.put("GITHUB_REF", "refs/heads/main");

    // when
    runner.act();

    // then
    assertThat(runner.text("calls")).contains("[--label][commit=0123456789ab]");
    assertThat(runner.text("calls.gh")).doesNotContain("comments");
  }

  @Test
  void cutsALongTableAfterARowAndSaysSo() throws Exception {
    // given
    runner.put("ROWS", "9000");

    // when
    runner.act();

    // then
    String comment = new ObjectMapper().readTree(runner.text("calls.body")).path("body").asText();
    assertThat(comment)
        .hasSizeBetween(59_000, 61_000)
        .containsPattern(
            "\\n\\| row \\d+ \\|\\n\\n… The rest is left out here; the report has all\\.\\n\\n\\[Run")
        .endsWith("/actions/runs/42) of bench/20261128_020000");
  }

  @Test
  void cutsALongSentenceToo() throws Exception {
    // given
    Files.writeString(
        Files.createDirectories(runner.batch()).resolve("comparison.json"),
        "{\"verdict\": \"REFUSED\", \"sentence\": \"%s\"}".formatted("x".repeat(70_000)));

    // when
    runner.act();

    // then
    String comment = new ObjectMapper().readTree(runner.text("calls.body")).path("body").asText();
    assertThat(comment).hasSizeLessThan(61_000).endsWith("42) of bench/20261128_020000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no", "False", "0"})
  void refusesAWishThatItCouldMistake(String wish) throws Exception {
    // given
    runner.put("INPUT_COMMENT", wish);

    // when
    int exit = runner.start().waitFor();

    // then
    assertThat(exit).isEqualTo(1);
    assertThat(runner.text("log")).contains("comment: " + wish + " is none of true, false");
    assertThat(runner.text("calls")).isEmpty();
  }
}
