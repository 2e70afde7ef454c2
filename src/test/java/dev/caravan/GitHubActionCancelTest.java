package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the GitHub Action keeps of a job that is cancelled, of which GitHub signals bash alone. */
class GitHubActionCancelTest {

  private GitHubRunner runner;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    runner = new GitHubRunner(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void stopsTheRunAndKeepsTheBatchUnderAnotherName(String signal) throws Exception {
    // given
    runner.put("HOLDS", "yes");
    runner.put("INPUT_BASE", "last-pass");
    Process step = runner.start();
    await().until(() -> Files.exists(runner.held()));

    // when
    new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + step.pid()).start().waitFor();

    // then
    assertThat(runner.outputsOf(step))
        .containsEntry("batch", runner.batch().toString())
        .containsEntry("artifact", "caravan-bench-cancelled")
        .containsEntry("verdict", "NONE")
        .hasEntrySatisfying("exit", code -> assertThat(code).isIn("130", "-15"));
    assertThat(runner.text("calls")).doesNotContain("[compare]", "[report]");
    assertThat(runner.text("calls.gh")).isEmpty();
  }
}
