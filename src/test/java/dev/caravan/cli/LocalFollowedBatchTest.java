package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.model.Batch;
import dev.caravan.testing.SampleTree;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFollowedBatchTest {

  @Test
  void saysThatTheFolderIsGoneInsteadOfWaitingForEver(@TempDir Path folder) throws Exception {
    // given
    SampleTree tree = new SampleTree(folder);
    Batch batch = tree.batch("b", "concurrency: [1]", "");
    FollowedBatch followed = new LocalFollowedBatch(tree.home().home, batch);
    assertThat(followed.poll((index, outcome, reason, checks) -> {})).isEmpty();

    // when
    tree.home().files.delete(batch.folder());

    // then
    assertThatThrownBy(() -> followed.poll((index, outcome, reason, checks) -> {}))
        .isInstanceOf(IOException.class)
        .hasMessage("the folder of the batch is gone: aiperf_results/" + batch.id());
  }

  @Test
  void isClosingUntilItIsOffTheListOfOpenBatches(@TempDir Path folder) throws Exception {
    // given
    SampleTree tree = new SampleTree(folder);
    ScratchHome home = tree.home();
    Batch batch = tree.batch("b", "concurrency: [1]", "");
    tree.succeeded(batch.run(0), 100, 50);
    tree.summarise(batch, true);
    FollowedBatch followed = new LocalFollowedBatch(home.home, batch);

    // then
    assertThat(followed.poll((index, outcome, reason, checks) -> {})).isPresent();
    assertThat(followed.isClosing()).isTrue();
    assertThat(followed.report()).isEmpty();

    // when
    SampleTree.write(batch.folder().resolve("report.html"), "<html>");
    for (Path claimed : home.files.list(home.home.claimed())) {
      Files.delete(claimed);
    }
    home.open.remove(batch.record().claimId());

    // then
    assertThat(followed.isClosing()).isFalse();
    assertThat(followed.report())
        .contains("Report     : " + home.home.display(batch.folder()) + "/report.html");
  }
}
