package dev.caravan.pipeline.dispatch;

import static dev.caravan.testing.InMemoryBatches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.hooks.BatchHooks;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What dispatch does when the report on a run order is overdue. */
class OrderTimeoutsTest {

  /** The limit of the run, those of a preflight and of readiness.quiet, and a minute. */
  private static final Duration DEADLINE = Duration.ofSeconds(600 + 130 + 60 + 60);

  private static final Batch BATCH =
      batch("a", 1, "concurrency: [1, 2]", "limits: {run_timeout: 10m}\n");

  @Test
  void countsAnOverdueRunAsLostAndReleasesItAgain() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(BATCH);
    harness.release();
    // when
    List<RunReport> early = checkFor(harness, DEADLINE);
    List<RunReport> late = checkFor(harness, Duration.ofSeconds(5));
    late.forEach(harness::report);
    // then
    assertThat(early).isEmpty();
    assertThat(late).hasSize(1);
    assertThat(late.get(0).runId()).isEqualTo("a/concurrency1");
    assertThat(late.get(0).kind()).isEqualTo(Kind.RETRY);
    assertThat(late.get(0).cause()).isEqualTo("lost");
    assertThat(late.get(0).message()).isEqualTo("no report for 855s");
    harness.pass(Duration.ofSeconds(10));
    assertThat(harness.release()).containsExactly("a/concurrency1");
    assertThat(harness.dispatch.overdue()).isEmpty();
  }

  @Test
  void countsNoReportedRunAsLost() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(BATCH);
    harness.release();
    harness.ended("a/concurrency1");
    // then
    assertThat(checkFor(harness, DEADLINE.multipliedBy(2))).isEmpty();
  }

  @Test
  void leavesTimeForTheHooksOfARun() {
    // given
    DispatchHarness harness = new DispatchHarness(1);
    harness.hooks = new SlowHooks();
    harness.open(BATCH).release();
    // then
    assertThat(checkFor(harness, DEADLINE.plusMinutes(20))).isEmpty();
    assertThat(checkFor(harness, Duration.ofMinutes(11))).isNotEmpty();
  }

  @Test
  void waitsForPendingReportsAfterItStalledItself() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(BATCH);
    harness.release();
    // when
    harness.pass(DEADLINE.multipliedBy(2));
    List<RunReport> first = harness.dispatch.overdue();
    harness.pass(Duration.ofSeconds(5));
    // then
    assertThat(first).isEmpty();
    assertThat(harness.dispatch.overdue()).hasSize(1);
  }

  /** Hooks around runs, which take half an hour in all. */
  private static final class SlowHooks implements BatchHooks {

    @Override
    public boolean begin(Batch batch) {
      return true;
    }

    @Override
    public boolean isRunning(Batch batch) {
      return false;
    }

    @Override
    public boolean end(Batch batch) {
      return true;
    }

    @Override
    public boolean isOver(Batch batch) {
      return true;
    }

    @Override
    public Duration allowance(Batch batch) {
      return Duration.ofMinutes(30);
    }
  }

  /** Checks every five seconds, as the route does. */
  private static List<RunReport> checkFor(DispatchHarness harness, Duration time) {
    List<RunReport> reports = new ArrayList<>();
    for (long seconds = 0; seconds < time.toSeconds(); seconds += 5) {
      harness.pass(Duration.ofSeconds(5));
      reports.addAll(harness.dispatch.overdue());
    }
    return reports;
  }
}
