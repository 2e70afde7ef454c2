package dev.caravan.pipeline.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.Outcome;
import dev.caravan.model.Owner;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.HomeId;
import dev.caravan.testing.SampleTree;
import dev.caravan.testing.ScratchHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlPreconditionsTest {

  private static final Control.Order ANN = new Control.Order("ann", "");

  private ControlStore controls;
  private ControlPreconditions preconditions;
  private Batch finished;

  @BeforeEach
  void finishABatch(@TempDir Path folder) throws Exception {
    SampleTree tree = new SampleTree(folder);
    ScratchHome scratch = tree.home();
    controls = new ControlStore(scratch.files);
    preconditions = new ControlPreconditions(scratch.home, scratch.open, controls);
    finished = scratch.accept(FixedRules.BASE);
    tree.summarise(finished, true);
    for (Path claimed : scratch.files.list(scratch.home.claimed())) {
      Files.delete(claimed);
    }
    assertThat(scratch.open.remove(finished.record().claimId())).isTrue();
  }

  @Test
  void letsABatchBeCancelledTwice() throws Exception {
    // when
    controls.write(finished, Control.NONE.withCancellation(ANN));
    // then
    assertThatCode(() -> preconditions.requireCancellable(finished, List.of()))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesToCancelABatchThatWasRetriedToItsEnd() throws Exception {
    // when
    controls.write(finished, Control.NONE.withCancellation(ANN).withReruns(Map.of(0, 0), ANN));
    // then
    assertThatThrownBy(() -> preconditions.requireCancellable(finished, List.of()))
        .isInstanceOf(ControlRefusedException.class)
        .hasMessageEndingWith(" is finished");
  }

  @Test
  void callsNoBatchFinishedThatIsOnlyNotOfThisHome() throws Exception {
    // given
    Files.delete(finished.folder().resolve(BatchFolder.SUMMARY));
    // then
    assertThatThrownBy(() -> preconditions.requireCancellable(finished, List.of()))
        .isInstanceOf(ControlRefusedException.class)
        .hasMessage(finished.id() + " is not in the queue of this home");
  }

  @Test
  void refusesToCancelARunOfAFinishedBatchThatHasNoResult() throws Exception {
    // then
    assertThatThrownBy(() -> preconditions.requireCancellable(finished, List.of(0)))
        .isInstanceOf(ControlRefusedException.class)
        .hasMessageEndingWith(" is finished");
    // when
    controls.write(finished, Control.NONE.withCancelledRuns(Set.of(0), ANN));
    // then
    assertThatCode(() -> preconditions.requireCancellable(finished, List.of(0)))
        .as("twice")
        .doesNotThrowAnyException();
  }

  @Test
  void refusesWhatIsOfCaravanRunWithTheCommandThatContinuesIt(@TempDir Path folder)
      throws Exception {
    // given
    ScratchHome scratch = new ScratchHome(folder);
    Batch batch = ofCaravanRun(scratch, HomeId.of(scratch.home, scratch.files));
    preconditions = new ControlPreconditions(scratch.home, scratch.open, controls);

    // when / then
    for (ThrowingCallable request : requests(batch)) {
      assertThatThrownBy(request)
          .isInstanceOf(ControlRefusedException.class)
          .hasMessageContaining("caravan run --resume " + batch.folder());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void refusesWhatIsOfCaravanRunInAnotherHomeWithAWayOut(boolean hasId, @TempDir Path folder)
      throws Exception {
    // given: which would not resume it either
    ScratchHome scratch = new ScratchHome(folder);
    Batch batch = ofCaravanRun(scratch, "another");
    String here = hasId ? "the id " + HomeId.of(scratch.home, scratch.files) : "none";
    preconditions = new ControlPreconditions(scratch.home, scratch.open, controls);

    // when / then
    for (ThrowingCallable request : requests(batch)) {
      assertThatThrownBy(request)
          .isInstanceOf(ControlRefusedException.class)
          .hasMessage(
              batch.id()
                  + " is of the home with the id another, and this one has "
                  + here
                  + ": submit its config.yaml to run it here, or \"caravan run --home DIR --resume "
                  + batch.folder()
                  + "\" with that home to run what is left");
    }
  }

  private static Batch ofCaravanRun(ScratchHome scratch, String home) throws Exception {
    Path record = scratch.accept(FixedRules.BASE).folder().resolve(BatchFolder.RECORD);
    Files.writeString(
        record,
        Files.readString(record)
            .replace('"' + Owner.DAEMON + '"', '"' + Owner.ONE_SHOT + '"')
            .replace('"' + ScratchHome.OWNER.home() + '"', '"' + home + '"'));
    return new BatchStore(scratch.files).load(record.getParent());
  }

  private List<ThrowingCallable> requests(Batch batch) {
    return List.of(
        () -> preconditions.requireCancellable(batch, List.of()),
        () -> preconditions.requireCancellable(batch, List.of(0)),
        () -> preconditions.requireUnfinished(batch),
        () -> preconditions.requireRerunnable(batch, List.of(0), true));
  }

  @Test
  void repeatsOfAWholeBatchWhatFailedOrWasCancelled(@TempDir Path folder) throws Exception {
    // given: the fourth run never started, the fifth is still to come
    SampleTree tree = new SampleTree(folder);
    Batch batch = tree.batch("b", "concurrency: [1, 2, 3, 4, 5]", "");
    tree.succeeded(batch.run(0), 100, 50);
    tree.ended(batch.run(1), Outcome.FAILED, "crashed", "it broke");
    tree.ended(batch.run(2), Outcome.CANCELLED, "", "Ctrl-C");
    controls.write(batch, Control.NONE.withCancelledRuns(Set.of(3), ANN));
    List<Integer> all = List.of(0, 1, 2, 3, 4);
    // then
    assertThat(preconditions.repeatable(batch, all, false)).containsExactly(1, 2, 3);
    assertThat(preconditions.repeatable(batch, all, true)).isEqualTo(all);
    assertThatThrownBy(
            () ->
                preconditions.requireRerunnable(
                    batch, preconditions.repeatable(batch, List.of(0), false), false))
        .hasMessageEndingWith("only --force runs it again");
  }
}
