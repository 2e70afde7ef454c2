package dev.caravan.cli;

import dev.caravan.batch.Batch;
import dev.caravan.batch.ControlRequest;
import dev.caravan.batch.ControlRequest.Action;
import dev.caravan.dispatch.BatchStates;
import dev.caravan.dispatch.ControlFiles;
import dev.caravan.dispatch.OrderRefused;
import dev.caravan.result.Outcome;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan retry}: does runs again, as new attempts in their folders. */
@Command(
    name = "retry",
    description = "Runs again what failed or was cancelled; earlier attempts are kept.",
    mixinStandardHelpOptions = true)
final class RetryCommand extends OrderCommand {

  @Parameters(
      paramLabel = "BATCH|RUN",
      description = "<batch_name>/<timestamp>[/<run folder>], a folder, or a bare batch name.")
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
    if (!where.isEmpty()) {
      throw new IOException("--where does not go with --server; name the runs");
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("why", why);
    body.put("force", force);
    body.put("all", !failed);
    return "Retry " + name + ": " + server.order(RemoteServer.path(name) + "/retry", body);
  }

  @Override
  String order(ControlFiles files) throws OrderRefused, IOException, InterruptedException {
    ControlFiles.Named named = files.named(name);
    Batch batch = named.batch();
    List<Integer> runs =
        named
            .run()
            .map(List::of)
            .orElseGet(() -> IntStream.range(0, batch.size()).boxed().toList());
    List<Integer> chosen = chosen(batch, runs);
    files.states().requireAgain(batch, chosen, force);
    ControlRequest request =
        ControlFiles.order(Action.RETRY, why).forBatch(batch.folder()).forRuns(chosen, force);
    String what =
        chosen.size() == 1
            ? batch.run(chosen.get(0)).id()
            : Plural.runs(chosen.size()) + " of " + batch.id();
    return "Retry " + what + ": " + files.give(request);
  }

  private List<Integer> chosen(Batch batch, List<Integer> runs) throws OrderRefused {
    for (String key : where.keySet()) {
      if (!batch.sweep().keys().contains(key)) {
        throw new OrderRefused(
            batch.id() + " does not sweep \"" + key + "\" but " + batch.sweep().keys());
      }
    }
    List<Integer> chosen =
        runs.stream()
            .filter(index -> matches(batch.sweep().values(index)))
            .filter(index -> !failed || isFailed(batch, index))
            .toList();
    if (chosen.isEmpty()) {
      throw new OrderRefused(
          "no " + (failed ? "failed " : "") + "run of " + batch.id() + " is meant");
    }
    return chosen;
  }

  private boolean matches(Map<String, Object> values) {
    return where.entrySet().stream()
        .allMatch(w -> String.valueOf(values.get(w.getKey())).equals(w.getValue()));
  }

  private static boolean isFailed(Batch batch, int index) {
    return BatchStates.end(batch.run(index))
        .filter(end -> end.status().counts() == Outcome.Counts.FAILED)
        .isPresent();
  }
}
