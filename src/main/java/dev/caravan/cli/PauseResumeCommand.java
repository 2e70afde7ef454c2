package dev.caravan.cli;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.dispatch.ControlClient;
import dev.caravan.pipeline.dispatch.ControlRefusedException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The common part of {@code pause} and {@code resume}. */
abstract class PauseResumeCommand extends ControlCommand {

  private static final String NOT_A_RUN =
      "only batches and services can be paused or resumed; a run can be cancelled";

  @Parameters(
      arity = "0..1",
      paramLabel = "BATCH",
      description = CaravanCommand.BATCH + " Default: everything.")
  private String name;

  @Option(names = "--target", paramLabel = "URL", description = "All runs on this service.")
  private String target;

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      defaultValue = "",
      description = CaravanCommand.REASON)
  private String reason;

  abstract ControlRequest.Action action();

  @Override
  String send(RemoteServer server) throws IOException, InterruptedException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("why", reason);
    if (target != null) {
      body.put("target", target);
    }
    String verb = action().name().toLowerCase(Locale.ROOT);
    if (name == null) {
      return verb + ": " + server.postControl(verb, body);
    }
    RemoteServer.Match match = server.find(name);
    if (match.isRun()) {
      throw new IOException(NOT_A_RUN);
    }
    if (target != null) {
      throw new IOException("name a batch or a --target, not both");
    }
    return verb + " " + match.id() + ": " + server.postControl(match.path() + "/" + verb, body);
  }

  @Override
  String send(ControlClient client)
      throws ControlRefusedException, IOException, InterruptedException {
    ControlRequest request = ControlClient.request(action(), reason);
    String what = Optional.ofNullable(target).orElse("all batches");
    if (target != null) {
      request = request.forTarget(target);
    }
    if (name != null) {
      ControlClient.BatchOrRun named = client.resolve(name);
      if (named.run().isPresent()) {
        throw new ControlRefusedException(NOT_A_RUN);
      }
      Batch batch = named.batch();
      client.preconditions().requireUnfinished(batch);
      request = request.forBatch(batch.folder());
      what = batch.id();
    }
    Optional<String> broken = request.problem();
    if (broken.isPresent()) {
      throw new ControlRefusedException(broken.get());
    }
    String verb = action().name().charAt(0) + action().name().substring(1).toLowerCase(Locale.ROOT);
    return verb + " " + what + ": " + client.send(request);
  }
}
