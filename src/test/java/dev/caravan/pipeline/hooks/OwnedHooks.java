package dev.caravan.pipeline.hooks;

import static org.awaitility.Awaitility.await;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.HookRun;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Runs the hooks around batches, and tells what came of it. */
final class OwnedHooks {

  /** The batches whose hooks have ended. */
  final List<String> ended = new CopyOnWriteArrayList<>();

  private final ControlStore controls;

  OwnedHooks(ControlStore controls) {
    this.controls = controls;
  }

  /** As after a restart. */
  OwnedBatchHooks hooks(HookRunner runner) {
    return new OwnedBatchHooks(
        runner,
        (batch, change) -> controls.write(batch, change.apply(controls.of(batch))),
        batch -> ended.add(batch.id()));
  }

  static void begin(OwnedBatchHooks hooks, Batch batch) {
    await().until(() -> hooks.begin(batch));
  }

  static void end(OwnedBatchHooks hooks, Batch batch) {
    await().until(() -> hooks.end(batch));
  }

  static List<HookRun> recorded(Batch batch) {
    return HookRecord.ofBatch(batch.folder()).hooks();
  }

  Control control(Batch batch) throws IOException {
    return controls.of(batch);
  }
}
