package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Overdue attempts. */
class RunningAttemptsTest extends RunStageTestBase {

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
    assertThat(running.overdue()).containsExactly(run.id());

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
    running.next("b/1", Duration.ofMinutes(30));
    // then
    now.addAndGet(Duration.ofMinutes(31).toNanos());
    assertThat(running.overdue()).isEmpty();
    now.addAndGet(1);
    assertThat(running.overdue()).containsExactly("b/1");
  }
}
