package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.storage.Json;
import dev.caravan.testing.HeldLock;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why a batch or a config waits, as those see it who follow it through the files of its home. */
class LocalWaitingTest {

  @TempDir private Path folder;
  private SampleTree tree;
  private Batch batch;
  private LocalWaiting waiting;

  @BeforeEach
  void writeABatch() throws Exception {
    tree = new SampleTree(folder);
    tree.home().own();
    batch = tree.batch("b", "concurrency: [1, 2]", "");
    waiting = new LocalWaiting(tree.home().home);
  }

  @Test
  void saysThatNoDaemonRuns() throws Exception {
    // given: what a daemon told that was killed
    tells("no aiperf");

    // then
    assertThat(waiting.ofBatch(batch)).contains("no daemon runs for " + folder);
    assertThat(waiting.ofInbox()).contains("no daemon runs for " + folder);
  }

  @Test
  void saysWhatTheDaemonTells() throws Exception {
    try (HeldLock daemon = HeldLock.of(tree.home().home)) {
      assertThat(daemon).isNotNull();
      assertThat(waiting.ofBatch(batch)).as("nothing told yet").isEmpty();

      // when
      tells("less than 500 MB are free");

      // then
      assertThat(waiting.ofBatch(batch)).contains("nothing starts: less than 500 MB are free");
      assertThat(waiting.ofInbox()).contains("nothing starts: less than 500 MB are free");
      assertThat(new LocalFollowedBatch(tree.home().home, batch).progress().now(80))
          .contains("  waiting: nothing starts: less than 500 MB are free");
    }
  }

  @Test
  void saysNothingOfABatchOfAnotherHome(@TempDir Path elsewhere) throws Exception {
    // given: a daemon there, which this home knows nothing of
    LocalWaiting here = new LocalWaiting(new SampleTree(elsewhere).home().home);

    // then
    assertThat(here.ofBatch(batch)).isEmpty();
    assertThat(here.ofInbox()).isPresent();
  }

  @Test
  void saysThatTheBatchCannotBeRead() throws Exception {
    try (HeldLock daemon = HeldLock.of(tree.home().home)) {
      assertThat(daemon).isNotNull();
      tells("no aiperf");

      // when
      Files.writeString(batch.folder().resolve("control.json"), "{");

      // then
      assertThat(waiting.ofBatch(batch).orElseThrow()).startsWith("unreadable: ");
    }
  }

  private void tells(String closed) throws IOException {
    DaemonStatus status = new DaemonStatus(1, 7, closed, List.of(), List.of());
    tree.home().files.createDirectories(tree.home().home.state());
    Files.write(tree.home().home.status(), Json.file(status));
  }
}
