package dev.caravan.fleet.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.fleet.protocol.DeliveryId;
import dev.caravan.model.Control;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.pipeline.run.RunDeadLetters;
import dev.caravan.pipeline.run.RunFolderWriter;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunTree;
import dev.caravan.testing.ScratchHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
    Assignment assignment =
        new Assignment(
            Assignment.SCHEMA,
            DeliveryId.random(),
            1,
            RunOrder.execute(run.id(), run.batch().folder().toString(), 0),
            Files.readAllBytes(run.batch().folder().resolve("config.yaml")),
            run.batch().record(),
            Control.NONE,
            List.of());
    id = assignment.deliveryId();
    spool = new Spool(home.home, home.files);
    spool.add(assignment);
    spool.confirm(id);
    RunFolderWriter files =
        new RunFolderWriter(
            home.files, new RunDeadLetters(home.home, home.files), home.keyNotes(), 5, "w");
    worker =
        new WorkerService(
            "w",
            home.home,
            home.files,
            new RemoteRuns(new RunTree(home.batches, home.outputs(), files)),
            home.keys,
            () -> Optional.of("0.13.0"),
            Optional.empty());
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
