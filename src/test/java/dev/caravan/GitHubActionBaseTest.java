package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the GitHub Action compares a batch with. */
class GitHubActionBaseTest {

  private GitHubRunner runner;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    runner = new GitHubRunner(folder);
  }

  @Test
  void comparesWithTheNewestRunOfTheBaseBranchThatSucceededAndHasABatch() throws Exception {
    // given
    runner.put("INPUT_BASE", "last-pass");

    // when
    Map<String, String> outputs = runner.act();

    // then
    assertThat(outputs)
        .containsEntry("verdict", "PASS")
        .containsEntry("exit", "0")
        .containsEntry("artifact", "caravan-bench")
        .containsEntry("batch", runner.batch().toString())
        .containsEntry("report", runner.batch() + "/report.html");
    assertThat(runner.text("calls.gh"))
        .contains("[--workflow][bench.yml][--branch][main][--status][success]")
        .contains("[run][download][6][--repo][me/model][--name][caravan-bench]")
        .doesNotContain("[download][9]", "[download][5]")
        .contains("[run][download][8][--repo][me/model][--name][caravan-bench]")
        .contains("[--method][POST][repos/me/model/issues/7/comments]");
    assertThat(runner.text("calls"))
        .containsPattern("\\[compare]\\[\\S+/base]\\[" + runner.batch());
    assertThat(runner.text("calls.body"))
        .contains("<!-- caravan caravan-bench -->", "**PASS** it", "me/model/actions/runs/42");
    assertThat(runner.text("summary")).contains("**PASS** it");
  }

  @Test
  void saysWhenThereIsNothingToCompareWith() throws Exception {
    // given
    runner.put("INPUT_BASE", "last-pass");
    runner.put("RUNS", "[]");

    // when, then
    assertThat(runner.act()).containsEntry("verdict", "NONE").containsEntry("exit", "0");
    assertThat(runner.text("calls.body"))
        .contains("Compared with nothing: no run of bench.yml on main", "| row 1 |");
  }

  @Test
  void saysThatItCannotLookForSomethingToCompareWith() throws Exception {
    // given
    runner.put("INPUT_BASE", "last-pass");
    runner.put("RUNS", "");

    // when, then
    assertThat(runner.act()).containsEntry("verdict", "NONE");
    assertThat(runner.text("log"))
        .contains("::warning::cannot list the runs of bench.yml: no permission")
        .contains("Compared with nothing: cannot list the runs of bench.yml.")
        .doesNotContain("has kept a batch");
  }

  @ParameterizedTest
  @ValueSource(strings = {"artifact:", "no/such/folder", "${{ inputs.base }}"})
  void saysWhichBaseIsNone(String base) throws Exception {
    // given
    runner.put("INPUT_BASE", base);

    // when, then
    assertThat(runner.act()).containsEntry("verdict", "NONE").containsEntry("exit", "0");
    assertThat(runner.text("calls.body")).contains("Compared with nothing: ", base);
    assertThat(runner.text("calls.gh")).doesNotContain("[api][repos/me/model/actions", "download");
  }

  @Test
  void takesAnArtifactOrTheVerdictOfTheConfig() throws Exception {
    // given
    runner.put("INPUT_BASE", "artifact:release");

    // when
    runner.act();

    // then
    assertThat(runner.text("calls.gh"))
        .contains("[api][repos/me/model/actions/artifacts?per_page=100&name=release]")
        .contains("[run][download][8][--repo][me/model][--name][release]")
        .doesNotContain("[download][9]");

    // given
    runner.remove("INPUT_BASE");
    Files.writeString(
        runner.batch().resolve("comparison.json"),
        "{\"verdict\": \"FAIL\", \"sentence\": \"FAIL by its config\"}");

    // when, then
    assertThat(runner.act()).containsEntry("verdict", "FAIL").containsEntry("exit", "1");
    assertThat(runner.text("calls.body")).contains("FAIL by its config");
  }
}
