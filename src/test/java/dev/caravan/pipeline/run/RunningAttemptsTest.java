package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.process.StopSignal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RunningAttemptsTest extends RunStageTestBase {

  private static final RunOrder ORDER = RunOrder.execute("b/1", "/one/b", 0);

  /** Of another batch, which an older version gave the same id. */
  private static final RunOrder SAME_ID = RunOrder.execute("b/1", "/other/b", 0);

  @Test
  void tellsRunsWithOneIdApart() throws Exception {
    // given
    RunningAttempts running = new RunningAttempts(System::nanoTime);
    running.begin(ORDER);
    running.begin(SAME_ID);
    StopSignal one = running.next(ORDER, Duration.ofMinutes(1));
    StopSignal other = running.next(SAME_ID, Duration.ofMinutes(1));

    // when
    running.cancel(SAME_ID, "cancelled");

    // then
    assertThat(one.message()).isEmpty();
    assertThat(other.message()).contains("cancelled");
    assertThat(running.isCancelled(ORDER)).isFalse();

    // when
    running.remove(SAME_ID);
    running.end(SAME_ID);

    // then
    assertThat(running.awaitIdle(Duration.ZERO)).isFalse();
    assertThat(running.cancel(ORDER, "too")).isTrue();
    assertThat(running.isCancelled(ORDER)).isTrue();
  }

  @Test
  void listsARunThatItsLimitsDidNotEnd() throws Exception {
    // given: a limit of one measured second plus a minute
    AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1); // the clock may overflow
    RunningAttempts running = new RunningAttempts(now::get);
    Batch batch = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1, 2]}\n");
    Run run = batch.run(0);
    Attempt attempt = stage.runs.prepare(stage.runs.take(RunStageFixture.order(run)));
    running.add(attempt);

    // then
    now.addAndGet(Duration.ofSeconds(120).toNanos());
    assertThat(running.overdue()).isEmpty();
    now.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThat(running.overdue()).containsExactly(attempt.task().order());

    // when
    running.remove(attempt);

    // then
    assertThat(running.overdue()).isEmpty();
  }

  @Test
  void listsARunWhoseHookTookLongerThanItsLimit() {
    // given
    AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
    RunningAttempts running = new RunningAttempts(now::get);
    // when
    running.next(ORDER, Duration.ofMinutes(30));
    // then
    now.addAndGet(Duration.ofMinutes(31).toNanos());
    assertThat(running.overdue()).isEmpty();
    now.addAndGet(1);
    assertThat(running.overdue()).containsExactly(ORDER);
  }
}
