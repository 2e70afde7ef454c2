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

/** {@code caravan cancel}: cancels a batch or a run permanently. */
@Command(
    name = "cancel",
    description = "Cancels a batch, or one run of it. Results measured so far are kept.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan cancel latest --why \"wrong model\"")
final class CancelCommand extends ControlCommand {

  @Parameters(paramLabel = "BATCH|RUN", description = CaravanCommand.BATCH_OR_RUN)
  private String name;

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      defaultValue = "",
      description = CaravanCommand.REASON)
  private String reason;

  @Override
  String send(RemoteServer server) throws IOException, InterruptedException {
    RemoteServer.Match match = server.find(name);
    return "Cancel "
        + match.id()
        + ": "
        + server.postControl(match.path() + "/cancel", Map.of("why", reason));
  }

  @Override
  String send(ControlClient client)
      throws ControlRefusedException, IOException, InterruptedException {
    ControlClient.BatchOrRun named = client.resolve(name);
    List<Integer> runs = named.run().stream().toList();
    client.preconditions().requireCancellable(named.batch(), runs);
    ControlRequest request =
        ControlClient.request(Action.CANCEL, reason).forBatch(named.batch().folder());
    String what = runs.isEmpty() ? named.batch().id() : named.batch().run(runs.get(0)).id();
    return "Cancel "
        + what
        + ": "
        + client.send(runs.isEmpty() ? request : request.forRuns(runs, false));
  }
}
