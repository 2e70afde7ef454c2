package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of the runs under way. */
class RunningAttemptsTest {

  @Test
  void namesARunThatNoLimitCouldEnd(@TempDir Path folder) throws Exception {
    // given: a limit of the measured second and a minute
    AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1); // Such a clock may start anywhere.
    RunningAttempts underway = new RunningAttempts(now::get);
    try (Stage stage = Stage.in(folder)) {
      Batch batch = stage.accept(Stage.BASE + "sweeps: {concurrency: [1, 2]}\n");
      Run run = batch.run(0);
      Attempt attempt = stage.runs.prepare(stage.runs.take(Stage.order(run).json()));
      underway.add(attempt);

      // then
      now.addAndGet(Duration.ofSeconds(120).toNanos());
      assertThat(underway.overdue()).isEmpty();
      now.addAndGet(Duration.ofSeconds(2).toNanos());
      assertThat(underway.overdue()).containsExactly(run.id());

      // when
      underway.remove(attempt);

      // then
      assertThat(underway.overdue()).isEmpty();
    }
  }
}
