package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.ReadinessRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.target.TargetUrls;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Which orders the run stage carries out, and which it refuses. */
class RunOrdersTest extends RunStageTestBase {

  @Test
  void reportsADoneRunWithoutRunningItAgain() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    stage.execute(run);
    Head first = RunStageFixture.head(run);
    // when
    RunTask again = stage.runs.take(RunStageFixture.order(run));
    // then
    assertThat(again.mayStart()).isFalse();
    assertThat(again.needsProbe()).isFalse();
    assertThat(stage.runs.report(again).kind()).isEqualTo(Kind.ENDED);
    assertThat(RunStageFixture.head(run)).isEqualTo(first);
    assertThat(run.folder().resolve("attempts")).doesNotExist();
  }

  @Test
  void keepsItsTargetLockedWhenItsOrderIsRedelivered() throws Exception {
    // given
    Batch batch = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [3, 4]}\n");
    stage.runs.prepare(stage.runs.take(RunStageFixture.order(batch.run(0))));
    // when
    RunReport again = stage.execute(batch.run(0));
    RunReport next = stage.execute(batch.run(1));
    // then
    assertThat(again.kind()).isEqualTo(RunReport.Kind.BUSY);
    assertThat(next.kind()).isEqualTo(RunReport.Kind.BUSY);
  }

  @Test
  void sendsNoProbeIfTheConfigTurnsItOff() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE).run(0);
    // then
    ReadinessRules rules = run.batch().config().readiness();
    assertThat(TargetUrls.probe(run.parameters(), rules)).isEmpty();
    assertThat(stage.probes.readiness(run.parameters(), rules).ready()).isTrue();
    assertThat(stage.runs.take(RunStageFixture.order(run)).needsProbe()).isFalse();
  }

  @Test
  void refusesMessagesThatNameNoRunOfThisHome() throws Exception {
    // given
    Batch batch = stage.accept(RunStageFixture.BASE);
    Path outside =
        Files.createDirectories(folder.resolveSibling(folder.getFileName() + "-outside"));
    Files.createSymbolicLink(folder.resolve("link"), outside);
    // then
    assertRefused(order(outside, 0), "outside the results roots");
    assertRefused(order(Path.of("/etc"), 0), "outside the results roots");
    assertRefused(order(folder.resolve("link/b"), 0), "outside the results roots");
    assertRefused(order(folder.resolve("a/../../" + outside.getFileName()), 0), "outside");
    assertRefused(order(folder.resolve("nowhere"), 0), "no such run");
    assertRefused(order(batch.folder(), 1), "has no run 1");
    assertRefused(order(batch.folder(), -1), "has no run -1");
    Files.delete(outside);
  }

  @Test
  void refusesAFolderThatIsNotAnAbsolutePath() {
    assertRefused(order("nul\0byte", 0), "no");
    assertRefused(order("relative/folder", 0), "outside the results roots");
  }

  private void assertRefused(RunOrder order, String message) {
    assertThatThrownBy(() -> stage.runs.take(order))
        .as(order.toString())
        .isInstanceOf(InvalidRunOrderException.class)
        .hasMessageContaining(message);
  }

  private static RunOrder order(Object batchFolder, int index) {
    return RunOrder.execute("x", batchFolder.toString(), index);
  }
}
