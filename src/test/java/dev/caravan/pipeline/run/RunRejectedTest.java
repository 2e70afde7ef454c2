package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.caravan.model.Batch;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.testing.CapturedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs that cannot be loaded. */
class RunRejectedTest extends RunStageTestBase {

  @Test
  void saysOnceThatTheFolderOfABatchIsGoneAlsoWhenItIsBackAtTheEnd() throws Exception {
    // given
    Batch batch = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [3, 4]}\n");
    Batch other = stage.accept(RunStageFixture.BASE);
    Path away = Files.move(batch.folder(), folder.resolve("away"));
    Files.move(other.folder(), folder.resolve("other"));

    try (CapturedLog log = CapturedLog.of(FailedAttempts.class)) {
      // when
      RunReport first = reject(RunStageFixture.order(batch.run(0)));
      RunReport second = reject(RunStageFixture.order(batch.run(1)));
      reject(RunStageFixture.order(other.run(0)));
      Files.move(away, batch.folder());

      // then
      String reason = "the folder of its batch is gone: ";
      assertThat(List.of(first.kind(), second.kind())).containsOnly(Kind.INTERNAL_ERROR);
      assertThat(log.lines())
          .containsExactly(
              "[" + batch.run(0).id() + "] Not executed: " + reason + batch.folder(),
              "[" + other.run(0).id() + "] Not executed: " + reason + other.folder());
      assertThat(log.levels()).containsOnly(Level.WARN);
    }
  }

  @Test
  void logsTheErrorOfARunThatCanNoLongerBeLoaded() throws Exception {
    // given
    Batch batch = stage.accept(RunStageFixture.BASE);
    RunOrder order = RunOrder.execute("b/1/gone", batch.folder().toString(), 99);

    try (CapturedLog log = CapturedLog.of(FailedAttempts.class)) {
      // when
      RunReport report = stage.runs.internalError(order, new IllegalStateException("a bug"));

      // then
      assertThat(report.kind()).isEqualTo(Kind.INTERNAL_ERROR);
      assertThat(report.message()).contains("no such run: ");
      assertThat(log.traces()).containsExactly("[b/1/gone] Internal error");
    }
  }

  /** As the route does it. */
  private RunReport reject(RunOrder order) throws Exception {
    try {
      stage.runs.take(order);
    } catch (InvalidRunOrderException e) {
      return stage.runs.reject(order, e);
    }
    throw new AssertionError("could be loaded");
  }
}
