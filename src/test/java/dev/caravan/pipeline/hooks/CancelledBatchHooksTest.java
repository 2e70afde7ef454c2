package dev.caravan.pipeline.hooks;

import static dev.caravan.pipeline.hooks.OwnedHooks.begin;
import static dev.caravan.pipeline.hooks.OwnedHooks.recorded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.storage.BatchFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The hook before a batch that is cancelled, or may be. */
class CancelledBatchHooksTest extends HooksTestBase {

  private OwnedHooks owned;

  @BeforeEach
  void ownHooks() {
    owned = new OwnedHooks(new ControlStore(scratch.files));
  }

  @Test
  void endsWhenTheBatchIsCancelled() throws Exception {
    // given
    hook("up", "echo x >> calls; sleep 600");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    OwnedBatchHooks hooks = owned.hooks(runner());
    hooks.begin(batch);
    await().until(() -> !lines("calls").isEmpty());
    // when
    ControlStore controls = new ControlStore(scratch.files);
    controls.write(
        batch, controls.of(batch).withCancellation(new Control.Order("ann", "wrong image")));
    // then
    begin(hooks, batch);
    assertThat(recorded(batch))
        .singleElement()
        .extracting(HookRun::failure)
        .isEqualTo("was ended: cancelled by ann: wrong image");
    assertThat(owned.control(batch).cancelled().orElseThrow().by()).isEqualTo("ann");
  }

  @Test
  void endsWhenTheBatchIsCancelledAgainAfterARetry() throws Exception {
    // given
    hook("up", "echo x >> calls; sleep 600");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    ControlStore controls = new ControlStore(scratch.files);
    controls.write(
        batch,
        Control.NONE
            .withCancellation(new Control.Order("ann", ""))
            .withReruns(Map.of(0, 0), new Control.Order("ann", "")));
    OwnedBatchHooks hooks = owned.hooks(runner());
    hooks.begin(batch);
    await().until(() -> !lines("calls").isEmpty());
    // when
    controls.write(
        batch, controls.of(batch).withCancellation(new Control.Order("bob", "still wrong")));
    // then
    begin(hooks, batch);
    assertThat(recorded(batch))
        .singleElement()
        .extracting(HookRun::failure)
        .isEqualTo("was ended: cancelled by bob: still wrong");
  }

  @Test
  void doesNotBeginWhileNobodyCanTellWhetherItIsCancelled() throws Exception {
    // given
    hook("up", "echo x >> calls");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    Path control = batch.folder().resolve(BatchFolder.CONTROL);
    Files.writeString(control, "{");
    OwnedBatchHooks hooks = owned.hooks(runner());
    // when
    for (int attempt = 0; attempt < 3; attempt++) {
      assertThat(hooks.begin(batch)).isFalse();
      await().until(() -> !hooks.isRunning(batch));
    }
    // then
    assertThat(recorded(batch)).isEmpty();
    Files.delete(control);
    begin(hooks, batch);
    assertThat(lines("calls")).hasSize(1);
  }
}
