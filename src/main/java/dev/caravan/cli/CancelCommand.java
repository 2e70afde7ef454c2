package dev.caravan.cli;

import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.pipeline.dispatch.ControlClient;
import dev.caravan.pipeline.dispatch.ControlRefusedException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan cancel}: ends a batch or a run for good. */
@Command(
    name = "cancel",
    description = "Cancels a batch, or one run of it; what it has measured is kept.",
    mixinStandardHelpOptions = true)
final class CancelCommand extends ControlCommand {

  @Parameters(
      paramLabel = "BATCH|RUN",
      description = "By id, folder, bare batch name or `latest`; a run with /<run folder>.")
  private String name;

  @Option(names = "--why", paramLabel = "TEXT", defaultValue = "", description = "The reason.")
  private String why;

  @Override
  String order(RemoteServer server) throws IOException, InterruptedException {
    RemoteServer.Named named = server.named(name);
    return "Cancel "
        + named.id()
        + ": "
        + server.order(named.path() + "/cancel", Map.of("why", why));
  }

  @Override
  String order(ControlClient files)
      throws ControlRefusedException, IOException, InterruptedException {
    ControlClient.BatchOrRun named = files.resolve(name);
    List<Integer> runs = named.run().stream().toList();
    files.preconditions().requireCancellable(named.batch(), runs);
    ControlRequest request =
        ControlClient.request(Action.CANCEL, why).forBatch(named.batch().folder());
    String what = runs.isEmpty() ? named.batch().id() : named.batch().run(runs.get(0)).id();
    return "Cancel "
        + what
        + ": "
        + files.send(runs.isEmpty() ? request : request.forRuns(runs, false));
  }
}
