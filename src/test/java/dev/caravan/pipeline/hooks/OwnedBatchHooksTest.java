package dev.caravan.pipeline.hooks;

import static dev.caravan.pipeline.hooks.OwnedHooks.begin;
import static dev.caravan.pipeline.hooks.OwnedHooks.end;
import static dev.caravan.pipeline.hooks.OwnedHooks.recorded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.storage.BatchFolder;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The hooks before and after a batch, which hold its runs and its end. */
class OwnedBatchHooksTest extends HooksTestBase {

  private OwnedHooks owned;

  @BeforeEach
  void ownHooks() {
    owned = new OwnedHooks(new ControlStore(scratch.files));
  }

  @Test
  void holdsTheRunsUntilItIsOver() throws Exception {
    // given
    hook("up", "until [ -e go ]; do sleep 0.05; done; echo x >> calls");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    OwnedBatchHooks hooks = owned.hooks(runner());
    // then
    assertThat(hooks.begin(batch)).isFalse();
    assertThat(hooks.isRunning(batch)).isTrue();
    Files.createFile(scratch.home.root().resolve("go"));
    begin(hooks, batch);
    assertThat(hooks.isRunning(batch)).isFalse();
    assertThat(owned.hooks(runner()).begin(batch)).as("after a restart").isTrue();
    assertThat(lines("calls")).hasSize(1);
    assertThat(recorded(batch)).extracting(HookRun::exitCode).asString().contains("[0]");
  }

  @Test
  void neverHoldsABatchWithoutHooksOfItsOwn() throws Exception {
    // given
    hook("up", "true");
    Batch batch = accept("  concurrency: 1\nhooks: {before_point: up}");
    // then
    assertThat(owned.hooks(runner()).begin(batch)).isTrue();
    assertThat(owned.hooks(runner()).end(batch)).isTrue();
    assertThat(owned.hooks(runner()).isOver(batch)).isTrue();
    assertThat(batch.folder().resolve(BatchFolder.HOOKS)).doesNotExist();
  }

  @Test
  void cancelsTheBatchWhenItCannotBegin() throws Exception {
    // given
    hook("up", "echo no image; exit 7");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    // when
    begin(owned.hooks(runner()), batch);
    // then
    assertThat(owned.control(batch).cancelled().orElseThrow().message())
        .isEqualTo("by caravan: hook before_batch (up) failed with exit code 7: no image");
    assertThat(Files.readString(batch.folder().resolve("hook_before_batch.log")))
        .isEqualTo("no image\n");
  }

  @Test
  void beginsAllTheSameWhenThatDoesNotMatter() throws Exception {
    // given
    hook("up", "exit 7");
    Batch batch =
        accept("  concurrency: 1\nhooks: {before_batch: {run: up, on_failure: continue}}");
    // when
    begin(owned.hooks(runner()), batch);
    // then
    assertThat(owned.control(batch).cancelled()).isEmpty();
  }

  @Test
  void runsOnceAfterTheBatchAndAgainAfterARerun() throws Exception {
    // given
    hook("up", "echo up >> calls");
    hook("down", "echo down >> calls; exit 1");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up, after_batch: down}");
    OwnedBatchHooks hooks = owned.hooks(runner());
    // when
    assertThat(hooks.isOver(batch)).as("nothing has begun").isTrue();
    begin(hooks, batch);
    assertThat(hooks.isOver(batch)).isFalse();
    end(hooks, batch);
    end(owned.hooks(runner()), batch);
    // then
    await().until(() -> owned.ended.contains(batch.id()));
    assertThat(lines("calls")).containsExactly("up", "down");
    assertThat(hooks.isOver(batch)).isTrue();
    begin(owned.hooks(runner()), batch);
    end(owned.hooks(runner()), batch);
    assertThat(lines("calls")).containsExactly("up", "down", "up", "down");
  }

  @Test
  void beginsAgainWhenRunsAreExecutedAgainAlsoWithoutAHookAfterTheBatch() throws Exception {
    // given
    hook("up", "echo up >> calls");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    OwnedBatchHooks hooks = owned.hooks(runner());
    begin(hooks, batch);
    // when
    assertThat(hooks.end(batch)).isTrue();
    begin(owned.hooks(runner()), batch);
    // then
    assertThat(lines("calls")).hasSize(2);
    assertThat(AttemptHooks.expectsChange(batch.run(0), 1)).isTrue();
  }
}
