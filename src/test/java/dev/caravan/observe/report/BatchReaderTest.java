package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which state the runs of a batch have that waits, is cancelled, or is retried. */
class BatchReaderTest {

  private SampleTree tree;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    tree = new SampleTree(folder);
  }

  @Test
  void showsRunsOfACancelledBatchThatAreRetriedAsPending() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2, 4]", "");
    Control.Order ann = new Control.Order("ann", "wrong image");
    tree.ended(batch.run(0), Outcome.SUCCEEDED, "", "");
    tree.summarise(batch, false);

    // when
    new ControlStore(tree.home().files)
        .write(batch, Control.NONE.withCancellation(ann).withReruns(Map.of(1, 0), ann));

    // then
    assertThat(states(new BatchReader(), batch))
        .containsExactly("succeeded", Point.PENDING, "cancelled");

    // and when the table is read: only batches that have finished are read from it
    tree.summarise(batch, true);
    assertThat(states(BatchReader.ofTables(store(), LateChecks.NONE), batch))
        .containsExactly("succeeded", Point.PENDING, "cancelled");
  }

  @Test
  void showsARunThatWasCancelledAloneAsCancelledBeforeItsTurnComes() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2]", "");

    // when
    new ControlStore(tree.home().files)
        .write(
            batch, Control.NONE.withCancelledRuns(List.of(1), new Control.Order("ann", "no time")));

    // then
    List<Point> points = new BatchReader().read(batch.folder()).points();
    assertThat(points).extracting(Point::state).containsExactly(Point.PENDING, "cancelled");
    assertThat(points.get(1).reason()).isEqualTo("not started: by ann: no time");
  }

  @Test
  void showsARunBetweenTwoAttemptsAsPendingWithTheReasonOfTheFirst() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2]", "");
    Path folder = batch.run(0).folder();
    tree.ended(batch.run(0), Outcome.FAILED, "crashed", "aiperf exited with 1");
    SampleTree.write(folder.resolve("run_metadata.json"), "{}");
    Path result = folder.resolve("process_result.json");
    Files.writeString(
        result, Files.readString(result).replace("\"final\" : true", "\"final\" : false"));
    assertThat(result).content().contains("\"final\" : false");

    // when
    Point point = new BatchReader().read(batch.folder()).points().get(0);

    // then
    assertThat(point.state()).isEqualTo(Point.PENDING);
    assertThat(point.reason()).isEqualTo("aiperf exited with 1");

    // and when its next attempt has begun
    Files.delete(result);
    assertThat(states(new BatchReader(), batch)).containsExactly(Point.RUNNING, Point.PENDING);
  }

  private BatchStore store() {
    return new BatchStore(tree.home().files);
  }

  private static List<String> states(BatchReader reader, Batch batch) throws IOException {
    return reader.read(batch.folder()).points().stream().map(Point::state).toList();
  }
}
