package dev.caravan.pipeline.hooks;

import static dev.caravan.pipeline.hooks.OwnedHooks.begin;
import static dev.caravan.pipeline.hooks.OwnedHooks.recorded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.pipeline.outcome.HookRun.Status;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The hook before a batch when the disk is full. */
class UnwrittenBatchHooksTest extends HooksTestBase {

  private OwnedHooks owned;

  @BeforeEach
  void ownHooks() {
    owned = new OwnedHooks(new ControlStore(scratch.files));
  }

  @Test
  void beginsOnlyOnceItHasRunWhateverCannotBeWritten() throws Exception {
    // given
    hook("up", "echo x >> calls");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    // when: the note that it starts, or the one that it is over
    for (int failing : new int[] {1, 2}) {
      OwnedBatchHooks hooks = owned.hooks(runner(new FullDisk(failing)));
      begin(hooks, batch);
      // then
      assertThat(lines("calls")).hasSize(failing);
      hooks.end(batch);
    }
  }

  @Test
  void doesNotBeginUntilItsStopIsWritten() throws Exception {
    // given
    hook("up", "echo x >> calls; exit 7");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    AtomicInteger changes = new AtomicInteger();
    ControlStore controls = new ControlStore(scratch.files);
    OwnedBatchHooks hooks =
        new OwnedBatchHooks(
            runner(),
            (of, change) -> {
              if (changes.incrementAndGet() <= 2) {
                throw new IOException("No space left on device");
              }
              controls.write(of, change.apply(controls.of(of)));
            },
            of -> {});
    // when
    begin(hooks, batch);
    // then
    assertThat(owned.control(batch).cancelled()).isPresent();
    assertThat(changes).hasValue(3);
    assertThat(lines("calls")).as("the hook itself did run").hasSize(1);
    assertThat(recorded(batch)).extracting(HookRun::status).containsExactly(Status.FAILED);
  }

  /** One write of the record of a batch fails. */
  private static final class FullDisk extends DurableFiles {
    private final int failing;
    private int writes;

    FullDisk(int failing) {
      this.failing = failing;
    }

    @Override
    public void writeWhole(Path file, byte[] content) throws IOException {
      if (file.endsWith(BatchFolder.HOOKS) && ++writes == failing) {
        throw new IOException("No space left on device");
      }
      super.writeWhole(file, content);
    }
  }
}
