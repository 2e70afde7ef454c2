package dev.caravan.pipeline.dispatch;

import static dev.caravan.testing.Plans.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What dispatch does about orders that nobody answers. */
class OrderTimeoutsTest {

  /** Limit of the run, what a preflight may take, and a minute. */
  private static final Duration LONGEST = Duration.ofSeconds(600 + 130 + 60);

  private static final Batch BATCH =
      batch("a", 1, "concurrency: [1, 2]", "limits: {run_timeout: 10m}\n");

  @Test
  void takesARunForLostThatNobodyAnsweredForLongerThanItMayTakeAndSendsItAgain() {
    // given
    Bench bench = new Bench(1).open(BATCH);
    bench.release();
    // when
    List<RunReport> early = lookFor(bench, LONGEST);
    List<RunReport> late = lookFor(bench, Duration.ofSeconds(5));
    late.forEach(bench::report);
    // then
    assertThat(early).isEmpty();
    assertThat(late).hasSize(1);
    assertThat(late.get(0).runId()).isEqualTo("a/concurrency1");
    assertThat(late.get(0).kind()).isEqualTo(Kind.RETRY);
    assertThat(late.get(0).cause()).isEqualTo("lost");
    assertThat(late.get(0).message()).isEqualTo("nobody answered for 795s");
    bench.pass(Duration.ofSeconds(10));
    assertThat(bench.release()).containsExactly("a/concurrency1");
    assertThat(bench.dispatch.unanswered()).isEmpty();
  }

  @Test
  void takesNoRunForLostThatWasAnswered() {
    // given
    Bench bench = new Bench(1).open(BATCH);
    bench.release();
    bench.ended("a/concurrency1");
    // then
    assertThat(lookFor(bench, LONGEST.multipliedBy(2))).isEmpty();
  }

  @Test
  void waitsForAnAnswerThatMayBeOnItsWayAfterItWasHeldUpItself() {
    // given
    Bench bench = new Bench(1).open(BATCH);
    bench.release();
    // when
    bench.pass(LONGEST.multipliedBy(2));
    List<String> first = bench.dispatch.unanswered();
    bench.pass(Duration.ofSeconds(5));
    // then
    assertThat(first).isEmpty();
    assertThat(bench.dispatch.unanswered()).hasSize(1);
  }

  /** Looks every five seconds, as the route does. */
  private static List<RunReport> lookFor(Bench bench, Duration time) {
    List<RunReport> reports = new ArrayList<>();
    for (long seconds = 0; seconds < time.toSeconds(); seconds += 5) {
      bench.pass(Duration.ofSeconds(5));
      bench.dispatch.unanswered().stream().map(RunReport::of).forEach(reports::add);
    }
    return reports;
  }
}
