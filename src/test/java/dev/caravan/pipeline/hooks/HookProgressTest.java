package dev.caravan.pipeline.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.HookEvent;
import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.model.Batch;
import dev.caravan.model.HomeControl;
import dev.caravan.observe.report.BatchQueue;
import dev.caravan.observe.report.BatchStates;
import dev.caravan.observe.report.QueueEntry;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.dispatch.DaemonStatus.Underway;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.pipeline.outcome.HookRun.Status;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code caravan status} and the overview page say while a hook runs. */
class HookProgressTest extends HooksTestBase {

  private static final HookRun BOOT = HookRun.started(HookEvent.BEFORE_BATCH, "boot", "boot.log");

  @BeforeEach
  void knownHooks() throws IOException {
    hook("boot", "exit 0");
  }

  @Test
  void tellsTheHookAroundABatch() throws Exception {
    // given
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: boot}");
    // when
    ofBatch(batch, BOOT);
    // then
    QueueEntry entry = entry(batch, Optional.of(daemon()));
    assertThat(entry.state()).isEqualTo("running");
    assertThat(entry.message()).isEqualTo("hook before_batch (boot) since " + BOOT.startedAt());
    assertThat(entry(batch, Optional.empty()).state()).as("without a daemon").isEqualTo("waiting");
    // when
    ofBatch(batch, BOOT.ended(Status.SUCCEEDED, Duration.ofSeconds(1), OptionalInt.of(0), ""));
    // then
    assertThat(entry(batch, Optional.of(daemon())).state()).isEqualTo("waiting");
  }

  @Test
  void tellsTheHookAroundARun() throws Exception {
    // given
    Batch batch = accept("  concurrency: 1\nhooks: {after_point: boot}");
    HookRun hook = HookRun.started(HookEvent.AFTER_POINT, "boot", "boot.log");
    Underway run =
        new Underway("b/1", batch.folder().toString(), 0, hook.startedAt().toString(), "");
    // when
    write(new RunFolder(batch.firstRun().folder()).hooks(), HookRecord.none(2).with(hook));
    // then
    assertThat(entry(batch, Optional.of(daemon(run))).message())
        .isEqualTo("hook after_point (boot) since " + hook.startedAt());
    assertThat(entry(batch, Optional.of(daemon())).message()).isEqualTo("next for its target");
  }

  @Test
  void tellsTheHookThatAWorkerRuns() throws Exception {
    // given
    Batch batch = accept("  concurrency: 1\nhooks: {before_variant: boot}");
    Underway run =
        new Underway("b/1", batch.folder().toString(), 0, BOOT.startedAt().toString(), "");
    // then
    assertThat(entry(batch, Optional.of(daemon(run)), worker("b/1")).message())
        .isEqualTo("hook before_variant (boot) since noon");
    assertThat(entry(batch, Optional.of(daemon(run)), worker("other/1")).message()).isEmpty();
    assertThat(entry(batch, Optional.of(daemon()), worker("b/1")).state())
        .as("the hub has its report")
        .isEqualTo("waiting");
  }

  private static WorkerView worker(String run) {
    Map<String, String> hooks = Map.of(run, "hook before_variant (boot) since noon");
    return new WorkerView("w", "h", List.of("p"), 1, "0.13.0", List.of(run), hooks, "", "noon");
  }

  @Test
  void doesNotTellAHookThatAKilledDaemonLeftBehind() throws Exception {
    // given
    Batch batch = accept("  concurrency: 1\nhooks: {before_batch: boot}");
    // when
    ofBatch(batch, begun(OffsetDateTime.now().minusYears(1)));
    // then
    assertThat(entry(batch, Optional.of(daemon())).state()).isEqualTo("waiting");
  }

  private static HookRun begun(OffsetDateTime time) {
    return new HookRun(
        BOOT.event(),
        BOOT.hook(),
        BOOT.status(),
        time,
        BOOT.endedAt(),
        BOOT.durationSeconds(),
        BOOT.exitCode(),
        BOOT.failure(),
        BOOT.log());
  }

  private static void ofBatch(Batch batch, HookRun hook) throws IOException {
    write(batch.folder().resolve(BatchFolder.HOOKS), HookRecord.none(0).with(hook));
  }

  private static void write(Path file, HookRecord record) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, record.json());
  }

  private static DaemonStatus daemon(Underway... runs) {
    return new DaemonStatus(1, ProcessHandle.current().pid(), null, List.of(runs), List.of());
  }

  private QueueEntry entry(Batch batch, Optional<DaemonStatus> daemon, WorkerView... workers) {
    return new BatchQueue(
            new BatchStore(scratch.files),
            new BatchStates(
                scratch.home,
                new ControlStore(scratch.files),
                HomeControl.of(scratch.home),
                daemon,
                List.of(workers)),
            OffsetDateTime.now())
        .entries(List.of(batch.folder()), List.of(), 1)
        .get(0);
  }
}
