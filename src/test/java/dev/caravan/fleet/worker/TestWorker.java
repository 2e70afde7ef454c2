package dev.caravan.fleet.worker;

import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.fleet.protocol.DeliveryId;
import dev.caravan.model.Control;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.pipeline.run.RunTree;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** Makes what a worker receives, and workers without a broker. */
public final class TestWorker {

  private TestWorker() {}

  /** The first delivery of a run, as its hub sends it. */
  public static Assignment assignment(Run run) throws IOException {
    return new Assignment(
        DeliveryId.random(),
        1,
        RunOrder.execute(run.id(), run.batch().folder().toString(), run.index()),
        Files.readAllBytes(run.batch().folder().resolve("config.yaml")),
        run.batch().record(),
        Control.NONE,
        List.of(),
        HookRecord.none(1));
  }

  /** A worker with this home and no shared folder. */
  public static WorkerService in(ScratchHome scratch) throws IOException {
    return new WorkerService(
        "w",
        scratch.home,
        scratch.files,
        new RemoteRuns(new RunTree(scratch.batches, scratch.outputs(), scratch.runFolders("w"))),
        scratch.keys,
        () -> Optional.of("0.13.0"),
        Optional.empty());
  }
}
