package dev.caravan.pipeline.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.pipeline.outcome.HookRun.Status;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OwnedBatchHooksTest extends HooksTestBase {

  private final List<String> ended = new CopyOnWriteArrayList<>();

  /** As after a restart. */
  private OwnedBatchHooks hooks() {
    return hooks(runner());
  }

  private OwnedBatchHooks hooks(HookRunner runner) {
    ControlStore controls = new ControlStore(scratch.files);
    return new OwnedBatchHooks(
        runner,
        (batch, change) -> controls.write(batch, change.apply(controls.of(batch))),
        batch -> ended.add(batch.id()));
  }

  private static void begin(OwnedBatchHooks hooks, Batch batch) {
    await().until(() -> hooks.begin(batch));
  }

  private static void end(OwnedBatchHooks hooks, Batch batch) {
    await().until(() -> hooks.end(batch));
  }

  private static List<HookRun> recorded(Batch batch) {
    return HookRecord.ofBatch(batch.folder()).hooks();
  }

  private Control control(Batch batch) throws Exception {
    return new ControlStore(scratch.files).of(batch);
  }

  @Test
  void holdsTheRunsUntilItIsOver() throws Exception {
    // given
    hook("up", "until [ -e go ]; do sleep 0.05; done; echo x >> calls");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    OwnedBatchHooks hooks = hooks();
    // then
    assertThat(hooks.begin(batch)).isFalse();
    assertThat(hooks.isRunning(batch)).isTrue();
    Files.createFile(scratch.home.root().resolve("go"));
    begin(hooks, batch);
    assertThat(hooks.isRunning(batch)).isFalse();
    assertThat(hooks().begin(batch)).as("after a restart").isTrue();
    assertThat(lines("calls")).hasSize(1);
    assertThat(recorded(batch)).extracting(HookRun::exitCode).asString().contains("[0]");
  }

  @Test
  void neverHoldsABatchWithoutHooksOfItsOwn() throws Exception {
    // given
    hook("up", "true");
    Batch batch = accept("  concurrency: 1\nhooks: {before_point: up}");
    // then
    assertThat(hooks().begin(batch)).isTrue();
    assertThat(hooks().end(batch)).isTrue();
    assertThat(hooks().isOver(batch)).isTrue();
    assertThat(batch.folder().resolve(BatchFolder.HOOKS)).doesNotExist();
  }

  @Test
  void cancelsTheBatchWhenItCannotBegin() throws Exception {
    // given
    hook("up", "echo no image; exit 7");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    // when
    begin(hooks(), batch);
    // then
    assertThat(control(batch).cancelled().orElseThrow().message())
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
    begin(hooks(), batch);
    // then
    assertThat(control(batch).cancelled()).isEmpty();
  }

  @Test
  void runsOnceAfterTheBatchAndAgainAfterARerun() throws Exception {
    // given
    hook("up", "echo up >> calls");
    hook("down", "echo down >> calls; exit 1");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up, after_batch: down}");
    OwnedBatchHooks hooks = hooks();
    // when
    assertThat(hooks.isOver(batch)).as("nothing has begun").isTrue();
    begin(hooks, batch);
    assertThat(hooks.isOver(batch)).isFalse();
    end(hooks, batch);
    end(hooks(), batch);
    // then
    await().until(() -> ended.contains(batch.id()));
    assertThat(lines("calls")).containsExactly("up", "down");
    assertThat(hooks.isOver(batch)).isTrue();
    begin(hooks(), batch);
    end(hooks(), batch);
    assertThat(lines("calls")).containsExactly("up", "down", "up", "down");
  }

  @Test
  void beginsAgainWhenRunsAreExecutedAgainAlsoWithoutAHookAfterTheBatch() throws Exception {
    // given
    hook("up", "echo up >> calls");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    OwnedBatchHooks hooks = hooks();
    begin(hooks, batch);
    // when
    assertThat(hooks.end(batch)).isTrue();
    begin(hooks(), batch);
    // then
    assertThat(lines("calls")).hasSize(2);
    assertThat(AttemptHooks.expectsChange(batch.run(0), 1)).isTrue();
  }

  @Test
  void isRepeatedAfterAStopThatEndedIt() throws Exception {
    // given
    hook("up", "echo x >> calls; [ -e go ] || sleep 600");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    OwnedBatchHooks stopped = hooks();
    stopped.begin(batch);
    await().until(() -> !lines("calls").isEmpty());
    // when
    stopped.stop("Caravan was stopped");
    assertThat(stopped.awaitIdle(Duration.ofSeconds(20))).isTrue();
    assertThat(stopped.begin(batch)).as("nothing more is started").isFalse();
    // then
    assertThat(control(batch).cancelled()).isEmpty();
    Files.createFile(scratch.home.root().resolve("go"));
    begin(hooks(), batch);
    assertThat(lines("calls")).hasSize(2);
  }

  /** It may have done its work: that is recorded only afterwards. */
  @Test
  void isRepeatedAndRecordedTwiceAfterAKillBeforeItsEndWasRecorded() throws Exception {
    // given
    hook("down", "echo x >> calls");
    Batch batch = accept("  concurrency: 1\nhooks: {after_batch: down}");
    begin(hooks(), batch);
    Path record = batch.folder().resolve(BatchFolder.HOOKS);
    OwnedBatchHooks killed = hooks(runner(new KilledAfterWrite(record)));
    killed.end(batch);
    assertThat(killed.awaitIdle(Duration.ofSeconds(20))).isTrue();
    // when
    try (CapturedLog log = CapturedLog.of(HookLines.class)) {
      end(hooks(), batch);
      // then
      assertThat(log.lines())
          .anyMatch(
              line ->
                  line.contains(
                      "Hook after_batch: down runs again, since Caravan ended before its end was"
                          + " recorded"));
    }
    assertThat(lines("calls")).hasSize(2);
    assertThat(recorded(batch))
        .extracting(HookRun::status)
        .containsExactly(Status.RUNNING, Status.SUCCEEDED);
    end(hooks(), batch);
    assertThat(lines("calls")).hasSize(2);
  }

  @Test
  void endsWhenTheBatchIsCancelled() throws Exception {
    // given
    hook("up", "echo x >> calls; sleep 600");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    OwnedBatchHooks hooks = hooks();
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
    assertThat(control(batch).cancelled().orElseThrow().by()).isEqualTo("ann");
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
    OwnedBatchHooks hooks = hooks();
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
  void beginsOnlyOnceItHasRunWhateverCannotBeWritten() throws Exception {
    // given
    hook("up", "echo x >> calls");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    // when: the note that it starts, or the one that it is over
    for (int failing : new int[] {1, 2}) {
      OwnedBatchHooks hooks = hooks(runner(new FullDisk(failing)));
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
    assertThat(control(batch).cancelled()).isPresent();
    assertThat(changes).hasValue(3);
    assertThat(lines("calls")).as("the hook itself did run").hasSize(1);
    assertThat(recorded(batch)).extracting(HookRun::status).containsExactly(Status.FAILED);
  }

  @Test
  void doesNotBeginWhileNobodyCanTellWhetherItIsCancelled() throws Exception {
    // given
    hook("up", "echo x >> calls");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    Path control = batch.folder().resolve(BatchFolder.CONTROL);
    Files.writeString(control, "{");
    OwnedBatchHooks hooks = hooks();
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

  @Test
  void beginsAgainAfterAReboot() throws Exception {
    // given
    hook("up", "echo x >> calls");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    begin(hooks(), batch);
    // when
    reboot(batch.folder());
    begin(hooks(), batch);
    // then
    assertThat(lines("calls")).hasSize(2);
  }

  @Test
  void beginsAgainIfAKillOrAStopCameWhileItBeganAfterAReboot() throws Exception {
    // given: once without waiting, then in another boot
    hook("up", "echo x >> calls; until [ -e go ]; do sleep 0.05; done; echo y >> over");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    Path go = Files.createFile(scratch.home.root().resolve("go"));
    begin(hooks(), batch);
    Files.delete(go);
    reboot(batch.folder());
    OwnedBatchHooks rebooted = hooks();
    assertThat(rebooted.begin(batch)).isFalse();
    await().until(() -> lines("calls").size() == 2);
    Path record = batch.folder().resolve(BatchFolder.HOOKS);
    String atTheKill = Files.readString(record);
    // when
    rebooted.stop("Caravan stops");
    rebooted.awaitIdle(Duration.ofSeconds(20));
    // then
    assertThat(HookRecord.ofBatch(batch.folder()).isBegunInThisBoot()).isFalse();
    Files.writeString(record, atTheKill);
    assertThat(HookRecord.ofBatch(batch.folder()).isBegunInThisBoot()).isFalse();
    assertThat(lines("over")).hasSize(1);
  }

  /** As by a Caravan that is killed: what comes after the next write of this file is not there. */
  private static final class KilledAfterWrite extends DurableFiles {
    private final Path file;
    private boolean killed;

    KilledAfterWrite(Path file) {
      this.file = file;
    }

    @Override
    public void writeWhole(Path to, byte[] content) throws IOException {
      if (!killed) {
        super.writeWhole(to, content);
        killed = to.equals(file);
      }
    }
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
