package dev.caravan.pipeline.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.observe.report.BatchQueue;
import dev.caravan.observe.report.QueueEntry;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home that is a copy of another, in which a batch was open: the other one executes it. */
class CopiedHomeTest {

  private static final String OTHER = "0a1b2c3d-0000-4000-8000-000000000000";

  @TempDir private Path folder;
  private TestDaemon daemon;
  private Batch copied;

  @BeforeEach
  void setUp() throws Exception {
    TestDaemon before = TestDaemon.in(folder);
    before.scratch.own();
    copied = before.take(TestDaemon.config("copied", "concurrency: [1, 2, 3]"));
    before.end(before.release().get(0), Outcome.FAILED);
    before.refresh();
    Path record = copied.folder().resolve(BatchFolder.RECORD);
    Files.writeString(record, Files.readString(record).replace(ScratchHome.OWNER.home(), OTHER));
    daemon = TestDaemon.in(folder);
  }

  @Test
  void promisesNothingOfABatchThatItDoesNotExecute() throws Exception {
    // given
    Batch own = daemon.take(TestDaemon.config("own", "concurrency: [1]"));

    // when / then
    for (boolean served : new boolean[] {true, false}) {
      List<QueueEntry> queue = queue(served);
      assertThat(queue).extracting(QueueEntry::id).containsExactly(copied.id(), own.id());
      QueueEntry entry = queue.get(0);
      assertThat(entry.state()).isEqualTo("of another home");
      assertThat(entry.message())
          .isEqualTo(
              "id "
                  + OTHER
                  + ": submit its config.yaml to run it here, or cancel it to remove this line");
      assertThat(entry.done()).isEqualTo(1);
      assertThat(entry.start()).isEmpty();
      assertThat(entry.end()).isEmpty();
      assertThat(queue.get(1).message()).isEqualTo("next for its target");
    }
  }

  @Test
  void refusesRequestsWithBothHomesAndAWayOut() throws Exception {
    // given
    List<ControlRequest> requests =
        List.of(
            TestDaemon.request(Action.PAUSE, copied),
            TestDaemon.request(Action.RESUME, copied),
            TestDaemon.request(Action.RETRY, copied).forRuns(List.of(0), true),
            TestDaemon.request(Action.CANCEL, copied).forRuns(List.of(1), false));

    // when / then
    for (ControlRequest request : requests) {
      assertThat(daemon.handle(request).map(String::strip))
          .as(request.toString())
          .contains(
              copied.id()
                  + " is of the home with the id "
                  + OTHER
                  + ", and this one has the id "
                  + ScratchHome.OWNER.home()
                  + ": submit its config.yaml to run it here");
    }
    assertThat(queue(true)).hasSize(1);
  }

  @Test
  void takesABatchOffItsListThatIsCancelled() throws Exception {
    // given
    Batch own = daemon.take(TestDaemon.config("own", "concurrency: [1]"));

    // when
    Optional<String> refused = daemon.handle(TestDaemon.request(Action.CANCEL, copied));

    // then: what is of another home stays as it is
    assertThat(refused).isEmpty();
    assertThat(queue(true)).extracting(QueueEntry::id).containsExactly(own.id());
    assertThat(copied.folder()).isDirectory();
    assertThat(copied.folder().resolve(BatchFolder.CONTROL)).doesNotExist();
    assertThat(daemon.runToTheEnd(Outcome.SUCCEEDED)).hasSize(1);
    assertThat(daemon.handle(TestDaemon.request(Action.CANCEL, copied)))
        .hasValueSatisfying(why -> assertThat(why).contains(OTHER));
  }

  private List<QueueEntry> queue(boolean served) throws IOException {
    return new BatchQueue(
            new BatchStore(new DurableFiles()),
            daemon.states(Optional.of(daemon.dispatch.status()).filter(told -> served)),
            OffsetDateTime.now())
        .entries(daemon.scratch.open.folders(), List.of(), 1);
  }
}
