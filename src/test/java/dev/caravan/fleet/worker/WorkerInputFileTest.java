package dev.caravan.fleet.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.model.Run;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.testing.ScratchHome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker whose copy of an input file is missing or another one. */
class WorkerInputFileTest {

  private static final String DATASET = "{\"text\": \"a\"}\n";
  private static final String CONFIG =
      """
      base_config:
        model: m
        url: http://127.0.0.1:9
        input_file: datasets/d.jsonl
        custom_dataset_type: single_turn
        warmup_request_count: 1
        benchmark_duration: 1
        concurrency: 2
      """;

  @TempDir private Path folder;

  private Spool spool;
  private WorkerService worker;
  private String id;
  private Path copy;

  @BeforeEach
  void receiveARun() throws Exception {
    ScratchHome hub = new ScratchHome(Files.createDirectory(folder.resolve("hub")));
    Files.createDirectories(hub.home.datasets());
    Files.writeString(hub.home.datasets().resolve("d.jsonl"), DATASET);
    Run run = hub.accept(CONFIG).run(0);
    ScratchHome home = new ScratchHome(Files.createDirectory(folder.resolve("worker")));
    Assignment assignment = TestWorker.assignment(run);
    id = assignment.deliveryId();
    spool = new Spool(home.home, home.files);
    spool.add(assignment);
    spool.confirm(id);
    worker = TestWorker.in(home);
    copy = Path.of(worker.missingInputFile(id).orElseThrow().path());
    Files.createDirectories(copy.getParent());
  }

  @Test
  void asksForItsFileAgainWhenItDiffers() throws Exception {
    // given
    Files.writeString(copy, "{\"text\": \"b\"}\n");
    assertThat(worker.missingInputFile(id)).isPresent();

    // when
    Files.writeString(copy, DATASET);

    // then
    assertThat(worker.missingInputFile(id)).isEmpty();
    assertThat(worker.prepare(id)).isPresent();
  }

  @Test
  void waitsWhileTheHubDoesNotSendIt() throws Exception {
    // given
    Files.writeString(copy, "{\"text\": \"b\"}\n");

    // then
    assertThat(worker.prepare(id)).isEmpty();
    assertThat(spool.report(id).orElseThrow().kind()).isEqualTo(RunReport.Kind.NOT_READY);
  }

  @Test
  void leavesItToTheRunWhenTheHubHasAnotherOneToo() throws Exception {
    // given
    Files.writeString(copy, "{\"text\": \"b\"}\n");

    // when
    worker.fetchedInputFile(id);

    // then
    assertThat(worker.prepare(id)).as("ends as rejected_dataset").isPresent();
  }
}
