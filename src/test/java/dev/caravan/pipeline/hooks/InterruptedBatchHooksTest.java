package dev.caravan.pipeline.hooks;

import static dev.caravan.pipeline.hooks.OwnedHooks.begin;
import static dev.caravan.pipeline.hooks.OwnedHooks.end;
import static dev.caravan.pipeline.hooks.OwnedHooks.recorded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Batch;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The hooks around a batch when Caravan is stopped or killed, or the host reboots, meanwhile. */
class InterruptedBatchHooksTest extends HooksTestBase {

  private OwnedHooks owned;

  @BeforeEach
  void ownHooks() {
    owned = new OwnedHooks(new ControlStore(scratch.files));
  }

  @Test
  void isRepeatedAfterAStopThatEndedIt() throws Exception {
    // given
    hook("up", "echo x >> calls; [ -e go ] || sleep 600");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    OwnedBatchHooks stopped = owned.hooks(runner());
    stopped.begin(batch);
    await().until(() -> !lines("calls").isEmpty());
    // when
    stopped.stop("Caravan was stopped");
    assertThat(stopped.awaitIdle(Duration.ofMinutes(1))).isTrue();
    assertThat(stopped.begin(batch)).as("nothing more is started").isFalse();
    // then
    assertThat(owned.control(batch).cancelled()).isEmpty();
    Files.createFile(scratch.home.root().resolve("go"));
    begin(owned.hooks(runner()), batch);
    assertThat(lines("calls")).hasSize(2);
  }

  /** It may have done its work: that is recorded only afterwards. */
  @Test
  void isRepeatedAndRecordedTwiceAfterAKillBeforeItsEndWasRecorded() throws Exception {
    // given
    hook("down", "echo x >> calls");
    Batch batch = accept("  concurrency: 1\nhooks: {after_batch: down}");
    begin(owned.hooks(runner()), batch);
    Path record = batch.folder().resolve(BatchFolder.HOOKS);
    OwnedBatchHooks killed = owned.hooks(runner(new KilledAfterWrite(record)));
    killed.end(batch);
    assertThat(killed.awaitIdle(Duration.ofMinutes(1))).isTrue();
    // when
    try (CapturedLog log = CapturedLog.of(HookLines.class)) {
      end(owned.hooks(runner()), batch);
      // then
      assertThat(log.lines())
          .anyMatch(
              line ->
                  line.contains(
                      "Hook after_batch: down runs again, because Caravan ended before its end was"
                          + " recorded"));
    }
    assertThat(lines("calls")).hasSize(2);
    assertThat(recorded(batch))
        .extracting(HookRun::status)
        .containsExactly(Status.RUNNING, Status.SUCCEEDED);
    end(owned.hooks(runner()), batch);
    assertThat(lines("calls")).hasSize(2);
  }

  @Test
  void beginsAgainAfterAReboot() throws Exception {
    // given
    hook("up", "echo x >> calls");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    begin(owned.hooks(runner()), batch);
    // when
    reboot(batch.folder());
    begin(owned.hooks(runner()), batch);
    // then
    assertThat(lines("calls")).hasSize(2);
  }

  @Test
  void beginsAgainIfAKillOrAStopCameWhileItBeganAfterAReboot() throws Exception {
    // given: once without waiting, then in another boot
    hook("up", "echo x >> calls; until [ -e go ]; do sleep 0.05; done; echo y >> over");
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: up}");
    Path go = Files.createFile(scratch.home.root().resolve("go"));
    begin(owned.hooks(runner()), batch);
    Files.delete(go);
    reboot(batch.folder());
    OwnedBatchHooks rebooted = owned.hooks(runner());
    assertThat(rebooted.begin(batch)).isFalse();
    await().until(() -> lines("calls").size() == 2);
    Path record = batch.folder().resolve(BatchFolder.HOOKS);
    String atTheKill = Files.readString(record);
    // when
    rebooted.stop("Caravan stops");
    rebooted.awaitIdle(Duration.ofMinutes(1));
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
}
