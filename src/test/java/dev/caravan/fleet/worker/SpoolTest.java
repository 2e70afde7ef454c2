package dev.caravan.fleet.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.FixedRules;
import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.fleet.protocol.DeliveryId;
import dev.caravan.model.Control;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.pipeline.run.RunDeadLetters;
import dev.caravan.pipeline.run.RunFolderWriter;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker finds of its runs after it was killed. */
class SpoolTest {

  @TempDir private Path folder;

  private ScratchHome life;
  private Assignment assignment;

  @BeforeEach
  void accept() throws Exception {
    life = new ScratchHome(Files.createDirectory(folder.resolve("home")));
    Run run =
        life.acceptance.accept(life.claim("a.yaml", FixedRules.BASE), life.rules()).batch().run(0);
    RunOrder order = RunOrder.execute(run.id(), run.batch().folder().toString(), 0);
    assignment =
        new Assignment(
            Assignment.SCHEMA,
            DeliveryId.fresh(),
            1,
            order,
            Files.readAllBytes(run.batch().folder().resolve("config.yaml")),
            run.batch().record(),
            Control.NONE,
            List.of());
  }

  @Test
  void leavesNothingUnderATicketWhoseRemovalWasCutOff() throws Exception {
    // given: a worker that is killed when it has removed the first file
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
    Spool spool = new Spool(life.home, dying);
    finished(spool);

    // when
    assertThatThrownBy(() -> spool.remove(assignment.deliveryId())).hasMessage("killed");

    // then
    assertThat(spool.deliveryIds()).isEmpty();
    assertThat(new Spool(life.home, new DurableFiles()).deliveryIds()).isEmpty();
    assertThat(Spool.folder(life.home)).isEmptyDirectory();
  }

  @Test
  void forgetsWhatHasNoAssignment() throws Exception {
    // given
    Spool spool = new Spool(life.home, new DurableFiles());
    finished(spool);
    Files.delete(
        Spool.folder(life.home).resolve(assignment.deliveryId()).resolve("assignment.json"));

    // when
    Spool next = new Spool(life.home, new DurableFiles());

    // then
    assertThat(next.deliveryIds()).isEmpty();
  }

  @Test
  void forgetsWhatTheBrokerMayStillGiveToAnother() throws Exception {
    // given: a worker that is killed before the broker has its acknowledgement
    new Spool(life.home, new DurableFiles()).add(assignment);

    // then
    assertThat(new Spool(life.home, new DurableFiles()).deliveryIds()).isEmpty();
  }

  @Test
  void keepsWhatWasBegun() throws Exception {
    // given
    Spool spool = new Spool(life.home, new DurableFiles());
    spool.add(assignment);
    spool.begin(assignment.deliveryId());

    // then
    assertThat(new Spool(life.home, new DurableFiles()).deliveryIds())
        .containsExactly(assignment.deliveryId());
  }

  @Test
  void keepsWhatIsWhole() throws Exception {
    // given
    finished(new Spool(life.home, new DurableFiles()));

    // when
    Spool next = new Spool(life.home, new DurableFiles());

    // then
    assertThat(next.deliveryIds()).containsExactly(assignment.deliveryId());
    assertThat(next.report(assignment.deliveryId())).isPresent();
  }

  @Test
  void namesNoRunThatHangsSoThatTheHubHasItDoneElsewhere() throws Exception {
    // given
    Spool spool = new Spool(life.home, new DurableFiles());
    spool.add(assignment);
    spool.begin(assignment.deliveryId());
    WorkerService desk =
        new WorkerService(
            "w",
            life.home,
            new DurableFiles(),
            new RemoteRuns(life.batches, life.outputs(), files()),
            life.keys,
            Optional::empty,
            Optional.empty());
    // then
    assertThat(desk.holding(List.of())).containsExactly(assignment.deliveryId());
    assertThat(desk.holding(List.of("another"))).containsExactly(assignment.deliveryId());
    assertThat(desk.holding(List.of(assignment.order().runId()))).isEmpty();
  }

  private RunFolderWriter files() {
    return new RunFolderWriter(life.files, new RunDeadLetters(life.home, life.files), life.keys, 5);
  }

  private void finished(Spool spool) throws IOException {
    spool.add(assignment);
    spool.finish(
        assignment.deliveryId(),
        RunReport.on(spool.order(assignment), RunReport.Kind.NOT_READY, "not there"));
  }
}
