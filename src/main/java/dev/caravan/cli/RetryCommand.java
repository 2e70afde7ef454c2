package dev.caravan.cli;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.pipeline.dispatch.ControlClient;
import dev.caravan.pipeline.dispatch.ControlRefusedException;
import dev.caravan.pipeline.dispatch.RunSelection;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan retry}: runs finished runs again, as new attempts in their folders. */
@Command(
    name = "retry",
    description = "Repeats runs that failed or were cancelled. Earlier attempts are kept.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan retry latest --failed")
final class RetryCommand extends ControlCommand {

  @Parameters(paramLabel = "BATCH|RUN", description = CaravanCommand.BATCH_OR_RUN)
  private String name;

  @Option(names = "--failed", description = "Only failed runs, not cancelled ones.")
  private boolean failed;

  @Option(
      names = "--where",
      paramLabel = "KEY=VALUE",
      description = "Only runs with this sweep value; may be repeated.")
  private Map<String, String> where = new LinkedHashMap<>();

  @Option(names = "--force", description = "Also repeat completed runs.")
  private boolean force;

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      defaultValue = "",
      description = CaravanCommand.REASON)
  private String reason;

  @Override
  String send(RemoteServer server) throws IOException, InterruptedException {
    RemoteServer.Match match = server.find(name);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("why", reason);
    body.put("force", force);
    body.put("failed", failed);
    body.put("where", where);
    body.put("all", !failed);
    return "Retry " + match.id() + ": " + server.postControl(match.path() + "/retry", body);
  }

  @Override
  String send(ControlClient client)
      throws ControlRefusedException, IOException, InterruptedException {
    ControlClient.BatchOrRun named = client.resolve(name);
    Batch batch = named.batch();
    List<Integer> chosen = new RunSelection(where, failed).of(batch, named.run().stream().toList());
    client.preconditions().requireRerunnable(batch, chosen, force);
    ControlRequest request =
        ControlClient.request(Action.RETRY, reason).forBatch(batch.folder()).forRuns(chosen, force);
    String what =
        chosen.size() == 1
            ? batch.run(chosen.get(0)).id()
            : Plural.runs(chosen.size()) + " of " + batch.id();
    return "Retry " + what + ": " + client.send(request);
  }
}
