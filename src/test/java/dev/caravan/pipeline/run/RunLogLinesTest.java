package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.ScratchHome;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the line of a failed run says to look. */
class RunLogLinesTest {

  private ScratchHome scratch;

  @BeforeEach
  void make(@TempDir Path folder) throws Exception {
    scratch = new ScratchHome(folder);
  }

  /** A worker deletes its copy of the folder as soon as the hub has it. */
  @ParameterizedTest
  @ValueSource(strings = {"sweeps: {concurrency: [1, 2]}\n", ""})
  void namesTheRunOnTheHubOnAWorker(String sweeps) throws Exception {
    // given
    Run run = scratch.accept(RunStageFixture.BASE + sweeps).run(0);
    // then
    assertThat(lineOf(run, "w1"))
        .endsWith("failed: crashed: x; see " + run.id() + " on the hub")
        .doesNotContain(run.folder().toString());
  }

  @Test
  void namesTheFolderOtherwise() throws Exception {
    // given
    Run run = scratch.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1, 2]}\n").run(0);
    // then
    assertThat(lineOf(run, "")).endsWith("failed: crashed: x; see " + run.folder());
  }

  private String lineOf(Run run, String worker) throws Exception {
    RunFolderWriter files = scratch.runFolders(worker);
    ProcessResult result =
        files.writeNotExecuted(run, new RunOrder.Ending("failed", "crashed", "x"));
    try (CapturedLog log = CapturedLog.of(RunLogLines.class)) {
      new RunLogLines(true, files.isOnWorker()).ended(run, result, Optional.empty());
      assertThat(log.lines()).hasSize(1);
      return log.lines().get(0);
    }
  }
}
