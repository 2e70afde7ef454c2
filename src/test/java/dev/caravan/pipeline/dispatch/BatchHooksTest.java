package dev.caravan.pipeline.dispatch;

import static dev.caravan.testing.InMemoryBatches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.HomeControl;
import dev.caravan.pipeline.hooks.BatchHooks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When dispatch runs the hooks around batches, and what waits for them. */
class BatchHooksTest {

  private static final String TWO = "concurrency: [1, 2]";

  private final ManualHooks hooks = new ManualHooks();

  /** Hooks around batch "a" that run until the test ends them. */
  private static final class ManualHooks implements BatchHooks {
    private final List<String> started = new ArrayList<>();
    private boolean running;
    private boolean begun;
    private boolean over = true;

    void endRunning() {
      running = false;
      begun = started.contains("before");
      over = started.contains("after");
    }

    private static boolean has(Batch batch) {
      return batch.id().equals("a");
    }

    @Override
    public boolean begin(Batch batch) {
      if (has(batch) && !begun && !running) {
        started.add("before");
        running = true;
      }
      return !has(batch) || begun;
    }

    @Override
    public boolean isRunning(Batch batch) {
      return has(batch) && running;
    }

    @Override
    public boolean end(Batch batch) {
      if (has(batch) && !over && !running) {
        started.add("after");
        running = true;
      }
      return isOver(batch) && !isRunning(batch);
    }

    @Override
    public boolean isOver(Batch batch) {
      return !has(batch) || over;
    }

    @Override
    public Duration allowance(Batch batch) {
      return Duration.ofHours(1);
    }
  }

  private DispatchHarness harness() {
    DispatchHarness harness = new DispatchHarness(4);
    harness.hooks = hooks;
    return harness.open(batch("a", 1, TWO), batch("b", 2, TWO));
  }

  @Test
  void holdsBatchAndTargetUntilTheFirstIsOver() {
    // given
    DispatchHarness harness = harness();
    // then
    assertThat(harness.release()).isEmpty();
    assertThat(harness.release()).isEmpty();
    assertThat(hooks.started).containsExactly("before");
    hooks.endRunning();
    assertThat(harness.release()).containsExactly("a/concurrency1");
  }

  @Test
  void holdsTheTargetUntilTheLastIsOver() {
    // given
    DispatchHarness harness = harness();
    harness.release();
    hooks.endRunning();
    // when
    assertThat(harness.release()).containsExactly("a/concurrency1");
    harness.ended("a/concurrency1");
    assertThat(harness.release()).containsExactly("a/concurrency2");
    harness.ended("a/concurrency2");
    // then
    assertThat(harness.release()).isEmpty();
    assertThat(hooks.started).containsExactly("before", "after");
    assertThat(harness.release()).isEmpty();
    hooks.endRunning();
    assertThat(harness.release()).containsExactly("b/concurrency1");
  }

  @Test
  void runsNoneBeforeABatchThatIsCancelled(@TempDir Path folder) throws Exception {
    // given
    Batch planned = batch("a", 1, TWO);
    Batch batch = new Batch(folder, planned.record(), planned.config(), planned.sweep());
    DispatchHarness harness = new DispatchHarness(4);
    harness.hooks = hooks;
    harness.open(batch);
    // when
    harness.dispatch.changeControl(
        batch, control -> control.withCancellation(new Control.Order("ann", "")));
    harness.release();
    // then
    assertThat(hooks.started).isEmpty();
    assertThat(harness.notifications).contains("cancelled a");
  }

  @Test
  void startsNothingOnTheTargetWhileABatchIsPausedInItsHook() throws Exception {
    // given
    DispatchHarness harness = harness();
    harness.release();
    // when
    harness.dispatch.apply(new HomeControl(1, new Control.Order("ann", ""), Map.of()));
    // then
    assertThat(harness.release()).isEmpty();
    assertThat(hooks.started).containsExactly("before");
  }

  @Test
  void runsTheFirstBeforeARetryInABatchThatWasCancelled(@TempDir Path folder) throws Exception {
    // given
    Batch planned = batch("a", 1, TWO);
    Batch batch = new Batch(folder, planned.record(), planned.config(), planned.sweep());
    DispatchHarness harness = new DispatchHarness(4);
    harness.hooks = hooks;
    harness.open(batch);
    harness.dispatch.changeControl(
        batch, control -> control.withCancellation(new Control.Order("caravan", "no image")));
    harness.release();
    // when
    harness.dispatch.rerun(batch, Set.of(0), new Control.Order("ann", ""));
    // then
    assertThat(harness.release()).isEmpty();
    assertThat(hooks.started).containsExactly("before");
    hooks.endRunning();
    assertThat(harness.release()).containsExactly("a/concurrency1");
  }
}
