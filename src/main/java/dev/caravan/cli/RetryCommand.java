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

/** {@code caravan retry}: does runs again, as new attempts in their folders. */
@Command(
    name = "retry",
    description = "Runs again what failed or was cancelled; earlier attempts are kept.",
    mixinStandardHelpOptions = true)
final class RetryCommand extends ControlCommand {

  @Parameters(
      paramLabel = "BATCH|RUN",
      description = "By id, folder, bare batch name or `latest`; a run with /<run folder>.")
  private String name;

  @Option(names = "--failed", description = "Only the runs that failed.")
  private boolean failed;

  @Option(
      names = "--where",
      paramLabel = "KEY=VALUE",
      description = "Only the runs with this sweep value; may be given several times.")
  private Map<String, String> where = new LinkedHashMap<>();

  @Option(names = "--force", description = "Completed runs too.")
  private boolean force;

  @Option(names = "--why", paramLabel = "TEXT", defaultValue = "", description = "The reason.")
  private String why;

  @Override
  String order(RemoteServer server) throws IOException, InterruptedException {
    RemoteServer.Named named = server.named(name);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("why", why);
    body.put("force", force);
    body.put("failed", failed);
    body.put("where", where);
    body.put("all", !failed);
    return "Retry " + named.id() + ": " + server.order(named.path() + "/retry", body);
  }

  @Override
  String order(ControlClient files)
      throws ControlRefusedException, IOException, InterruptedException {
    ControlClient.BatchOrRun named = files.resolve(name);
    Batch batch = named.batch();
    List<Integer> chosen = new RunSelection(where, failed).of(batch, named.run().stream().toList());
    files.preconditions().requireRerunnable(batch, chosen, force);
    ControlRequest request =
        ControlClient.request(Action.RETRY, why).forBatch(batch.folder()).forRuns(chosen, force);
    String what =
        chosen.size() == 1
            ? batch.run(chosen.get(0)).id()
            : Plural.runs(chosen.size()) + " of " + batch.id();
    return "Retry " + what + ": " + files.send(request);
  }
}
