package dev.caravan.pipeline.record;

import static dev.caravan.pipeline.record.TestDaemon.request;
import static dev.caravan.pipeline.record.TestDaemon.summary;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.config.HookEvent;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.pipeline.outcome.HookRun.Status;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A failed hook stops the batch of its run, also when a kill comes right after the result. */
class StopOfHookTest {

  private static final String THREE = FixedRules.BASE + "sweeps: {concurrency: [1, 2, 3]}\n";

  @TempDir private Path folder;
  private TestDaemon daemon;

  @BeforeEach
  void setUp() throws IOException {
    daemon = TestDaemon.in(folder);
    daemon.scratch.properties.setProperty("caravan.hooks.reset", "./reset.sh");
  }

  /** A batch of which a kill came right after the result of the first run and of its hook. */
  private Batch killed(HookEvent event, String onFailure, Status... executions) throws Exception {
    Batch batch =
        daemon.take(
            THREE + "hooks: {%s: {run: reset, on_failure: %s}}".formatted(event.key(), onFailure));
    RunOrder first = daemon.release().get(0);
    record(batch.run(first.runIndex()), event, executions);
    daemon.endUnreported(first, Outcome.SUCCEEDED);
    return batch;
  }

  private static void record(Run run, HookEvent event, Status... executions) throws IOException {
    HookRecord record = HookRecord.none(1);
    for (Status status : executions) {
      HookRun begun = HookRun.started(event, "reset", "hook.log");
      record = record.with(begun.ended(status, Duration.ZERO, OptionalInt.of(7), "failed"));
    }
    Files.createDirectories(run.folder());
    Files.write(new RunFolder(run.folder()).hooks(), record.json());
  }

  @ParameterizedTest
  @EnumSource(
      value = HookEvent.class,
      names = {"BEFORE_VARIANT", "BEFORE_POINT", "AFTER_POINT"})
  void stopsWhatIsLeftAfterARestart(HookEvent event) throws Exception {
    // given
    Batch batch = killed(event, "stop", Status.FAILED);

    // when
    TestDaemon next = TestDaemon.in(folder);

    // then
    assertThat(next.runToTheEnd(Outcome.SUCCEEDED)).isEmpty();
    assertThat(summary(batch).counters().of(Outcome.CANCELLED)).isEqualTo(2);
    assertThat(new ControlStore(next.scratch.files).of(batch).cancelled().orElseThrow().why())
        .isEqualTo("hook_failed: hook " + event.key() + " (reset) failed");
  }

  @Test
  void goesOnWhenTheConfigSaysSo() throws Exception {
    // given
    killed(HookEvent.AFTER_POINT, "continue", Status.FAILED);

    // then
    assertThat(TestDaemon.in(folder).runToTheEnd(Outcome.SUCCEEDED)).hasSize(2);
  }

  @Test
  void goesOnWhenTheHookDidNotFailInTheEnd() throws Exception {
    // given
    killed(HookEvent.BEFORE_POINT, "stop", Status.FAILED, Status.SUCCEEDED);

    // then
    assertThat(TestDaemon.in(folder).runToTheEnd(Outcome.SUCCEEDED)).hasSize(2);
  }

  @Test
  void executesWhatAUserRetriesAfterwards() throws Exception {
    // given
    Batch batch = killed(HookEvent.AFTER_POINT, "stop", Status.FAILED);
    daemon = TestDaemon.in(folder);
    daemon.runToTheEnd(Outcome.SUCCEEDED);
    daemon.refresh();

    // when
    daemon.handle(request(Action.RETRY, batch).forRuns(List.of(2), false));

    // then
    assertThat(TestDaemon.in(folder).runToTheEnd(Outcome.SUCCEEDED))
        .containsExactly("concurrency3");
  }

  @Test
  void stopsWhatIsLeftAlsoIfRunsWereRetriedBefore() throws Exception {
    // given
    Batch batch = daemon.take(THREE + "hooks: {after_point: {run: reset, on_failure: stop}}");
    daemon.end(daemon.release().get(0), Outcome.FAILED);
    daemon.handle(request(Action.RETRY, batch).forRuns(List.of(0), false));
    RunOrder second = daemon.release().get(0);
    record(batch.run(second.runIndex()), HookEvent.AFTER_POINT, Status.FAILED);
    daemon.endUnreported(second, Outcome.SUCCEEDED);

    // when
    TestDaemon next = TestDaemon.in(folder);

    // then
    assertThat(next.runToTheEnd(Outcome.SUCCEEDED)).isEmpty();
  }

  @Test
  void cancelsNothingIfThatWasTheLastRun() throws Exception {
    // given
    Batch batch = killed(HookEvent.AFTER_POINT, "stop", Status.FAILED);
    for (int index : new int[] {1, 2}) {
      daemon.endUnreported(
          RunOrder.execute(batch.run(index).id(), batch.folder() + "", index), Outcome.SUCCEEDED);
    }

    // when
    TestDaemon next = TestDaemon.in(folder);

    // then
    assertThat(next.runToTheEnd(Outcome.SUCCEEDED)).isEmpty();
    assertThat(summary(batch).counters().of(Outcome.SUCCEEDED)).isEqualTo(3);
    assertThat(new ControlStore(next.scratch.files).of(batch).cancelled()).isEmpty();
  }
}
