package dev.caravan.fleet.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.config.FixedRules;
import dev.caravan.config.HookEvent;
import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.pipeline.process.ProcessIdentity;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.HomeId;
import dev.caravan.storage.Json;
import dev.caravan.storage.LocalHost;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a worker's runs after it was killed. */
class SpoolTest {

  @TempDir private Path folder;

  private ScratchHome scratch;
  private Assignment assignment;

  @BeforeEach
  void accept() throws Exception {
    scratch = new ScratchHome(Files.createDirectory(folder.resolve("home")));
    Run run = scratch.accept(FixedRules.BASE).run(0);
    assignment = TestWorker.assignment(run);
  }

  /** The hooks as this home has recorded them on a host; an older Caravan records no host. */
  private HookRecord record(Optional<String> host, String boot, HookRun... runs)
      throws IOException {
    HookRecord record = HookRecord.none(1).doneBy(HomeId.of(scratch.home, scratch.files));
    for (HookRun run : runs) {
      record = record.with(run);
    }
    ObjectNode json = Json.MAPPER.valueToTree(record);
    json.put("boot", boot).remove("host");
    host.ifPresent(name -> json.put("host", name));
    return Json.read(json.toString(), HookRecord.class);
  }

  private static HookRun ended(HookEvent event, HookRun.Status status) {
    return HookRun.started(event, "reset", "hook.log")
        .ended(status, Duration.ZERO, OptionalInt.of(0), "");
  }

  /** What a worker goes by that gets the attempt with these hooks. */
  private HookRecord takenOver(HookRecord earlier) throws IOException {
    Assignment again =
        new Assignment(
            assignment.deliveryId(),
            1,
            assignment.order(),
            assignment.config(),
            assignment.batch(),
            assignment.control(),
            List.of(),
            earlier);
    Path runFolder = Files.createTempDirectory(folder, "run");
    new Spool(scratch.home, scratch.files).addEarlierAttempts(runFolder, again);
    return HookRecord.of(runFolder, 1);
  }

  @Test
  void goesOnAfterWhatAnotherHostDidToThePointButNotToTheVariant() throws Exception {
    for (Optional<String> host : List.of(Optional.of("another"), Optional.<String>empty())) {
      // when
      HookRecord taken =
          takenOver(
              record(
                  host,
                  "boot of another host",
                  ended(HookEvent.BEFORE_VARIANT, HookRun.Status.FAILED),
                  ended(HookEvent.BEFORE_POINT, HookRun.Status.SUCCEEDED)));
      // then
      assertThat(taken.last(HookEvent.BEFORE_VARIANT)).isEmpty();
      assertThat(taken.last(HookEvent.BEFORE_POINT)).isPresent();
    }
  }

  @Test
  void repeatsWhatThisHostDidBeforeAReboot() throws Exception {
    // given
    HookRun point = ended(HookEvent.BEFORE_POINT, HookRun.Status.SUCCEEDED);
    HookRun variant = ended(HookEvent.BEFORE_VARIANT, HookRun.Status.FAILED);
    Optional<String> here = Optional.of(LocalHost.name());
    // when
    HookRecord now = takenOver(record(here, ProcessIdentity.currentBoot(), variant, point));
    HookRecord before = takenOver(record(here, "an earlier boot", variant, point));
    // then
    assertThat(now.last(HookEvent.BEFORE_POINT)).isPresent();
    assertThat(now.last(HookEvent.BEFORE_VARIANT)).isPresent();
    assertThat(before.last(HookEvent.BEFORE_POINT)).isEmpty();
    assertThat(before.hooks()).hasSize(2);
  }

  @Test
  void runsItsOwnHookWhereThatOfAnotherWorkerOfThisHostHasFailed() throws Exception {
    // given
    HookRecord other =
        HookRecord.none(1)
            .with(ended(HookEvent.BEFORE_VARIANT, HookRun.Status.FAILED))
            .with(ended(HookEvent.BEFORE_POINT, HookRun.Status.SUCCEEDED))
            .doneBy("another home");
    // when
    HookRecord taken = takenOver(other);
    // then
    assertThat(taken.last(HookEvent.BEFORE_VARIANT)).isEmpty();
    assertThat(taken.last(HookEvent.BEFORE_POINT)).isPresent();
  }

  @Test
  void leavesNothingAfterAnInterruptedRemoval() throws Exception {
    // given: a worker that is killed after it removed the first file
    DurableFiles dying =
        new DurableFiles() {
          @Override
          public void delete(Path path) throws IOException {
            if (path.getFileName().toString().contains(assignment.deliveryId())
                && Files.deleteIfExists(path.resolve("assignment.json"))) {
              throw new IOException("killed");
            }
            super.delete(path);
          }
        };
    Spool spool = new Spool(scratch.home, dying);
    addFinished(spool);

    // when
    assertThatThrownBy(() -> spool.remove(assignment.deliveryId())).hasMessage("killed");

    // then
    assertThat(spool.deliveryIds()).isEmpty();
    assertThat(new Spool(scratch.home, new DurableFiles()).deliveryIds()).isEmpty();
    assertThat(Spool.folder(scratch.home)).isEmptyDirectory();
  }

  @Test
  void keepsWhatIsSetOverTheConfigOfARun() throws Exception {
    // given
    Run run =
        scratch
            .accept(
                "# caravan-overrides: [\"--set sweeps.concurrency=[4, 8]\"]\n" + FixedRules.BASE)
            .run(1);
    Assignment sent = TestWorker.assignment(run);
    Spool spool = new Spool(scratch.home, new DurableFiles());

    // when
    spool.add(Json.read(Json.text(sent), Assignment.class));

    // then
    Batch batch = new BatchStore(new DurableFiles()).load(spool.batch(sent.deliveryId()));
    assertThat(batch.run(1).parameters()).isEqualTo(run.parameters());
    assertThat(batch.run(1).folderName()).isEqualTo("concurrency8");
  }

  @Test
  void deletesAFolderWithoutAssignment() throws Exception {
    // given
    Spool spool = new Spool(scratch.home, new DurableFiles());
    addFinished(spool);
    Files.delete(
        Spool.folder(scratch.home).resolve(assignment.deliveryId()).resolve("assignment.json"));

    // when
    Spool next = new Spool(scratch.home, new DurableFiles());

    // then
    assertThat(next.deliveryIds()).isEmpty();
  }

  @Test
  void deletesARunThatWasNotConfirmed() throws Exception {
    // given: a worker that is killed before the broker receives its acknowledgement
    new Spool(scratch.home, new DurableFiles()).add(assignment);

    // then
    assertThat(new Spool(scratch.home, new DurableFiles()).deliveryIds()).isEmpty();
  }

  @Test
  void keepsAConfirmedRun() throws Exception {
    // given
    Spool spool = new Spool(scratch.home, new DurableFiles());
    spool.add(assignment);
    spool.confirm(assignment.deliveryId());

    // then
    assertThat(new Spool(scratch.home, new DurableFiles()).deliveryIds())
        .containsExactly(assignment.deliveryId());
  }

  @Test
  void keepsAFinishedRun() throws Exception {
    // given
    addFinished(new Spool(scratch.home, new DurableFiles()));

    // when
    Spool next = new Spool(scratch.home, new DurableFiles());

    // then
    assertThat(next.deliveryIds()).containsExactly(assignment.deliveryId());
    assertThat(next.report(assignment.deliveryId())).isPresent();
  }

  @Test
  void doesNotReportAHangingRunAsHeld() throws Exception {
    // given
    Spool spool = new Spool(scratch.home, new DurableFiles());
    spool.add(assignment);
    spool.confirm(assignment.deliveryId());
    WorkerService service = TestWorker.in(scratch);
    // then
    assertThat(service.holding(List.of())).containsExactly(assignment.deliveryId());
    RunOrder order = spool.order(assignment);
    RunOrder other = // of the same id
        RunOrder.execute(order.runId(), "/elsewhere/batch", order.runIndex());
    assertThat(service.holding(List.of(other))).containsExactly(assignment.deliveryId());
    assertThat(service.holding(List.of(order))).isEmpty();
  }

  private void addFinished(Spool spool) throws IOException {
    spool.add(assignment);
    spool.storeReport(
        assignment.deliveryId(),
        RunReport.on(spool.order(assignment), RunReport.Kind.NOT_READY, "not there"));
  }
}
