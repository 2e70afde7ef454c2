package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The options and labels of the batch that the GitHub Action runs, and the name of its artifact.
 */
class GitHubActionBatchTest {

  private GitHubRunner runner;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    runner = new GitHubRunner(folder);
  }

  @Test
  void passesInputsOnAsTheyAre() throws Exception {
    // given
    runner.put("INPUT_SET", "base_config.url=http://x:1/$(touch pwned)\nsweeps={a: [1, 2]}\n");
    runner.put("INPUT_LABELS", "image=\"; exit 1 #\n");
    runner.put("INPUT_NAME", "pr 7");

    // when
    runner.act();

    // then
    assertThat(runner.text("calls"))
        .contains(
            "[--name][pr 7]"
                + "[--set][base_config.url=http://x:1/$(touch pwned)][--set][sweeps={a: [1, 2]}]"
                + "[--label][image=\"; exit 1 #][--label][commit=0123456789ab]");
  }

  @Test
  void labelsTheCommitOfAPullRequestAndNotTheTriedMerge() throws Exception {
    // given
    runner.putEvent("{\"pull_request\": {\"head\": {\"sha\": \"fedcba9876543210\"}}}");

    // when
    runner.act();

    // then
    assertThat(runner.text("calls")).contains("[--label][commit=fedcba987654]");
  }

  @ParameterizedTest
  @CsvSource({"模型甲,-b006bbb3", "模型乙,-d1a4a36a"})
  void tellsNamesInOtherScriptsApart(String name, String digest) throws Exception {
    // given
    runner.put("NAME", name);

    // when, then
    assertThat(runner.act()).containsEntry("artifact", "caravan-___" + digest);
  }
}
