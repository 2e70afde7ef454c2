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

/** What {@code pause} and {@code resume} have in common. */
abstract class PauseResumeCommand extends ControlCommand {

  private static final String ONLY_BATCHES =
      "only batches and targets are paused; a run can be cancelled";

  @Parameters(
      arity = "0..1",
      paramLabel = "BATCH",
      description = "By id, folder, bare batch name or `latest`.")
  private String name;

  @Option(names = "--target", paramLabel = "URL", description = "Everything on this target.")
  private String target;

  @Option(names = "--why", paramLabel = "TEXT", defaultValue = "", description = "The reason.")
  private String why;

  abstract ControlRequest.Action action();

  @Override
  String order(RemoteServer server) throws IOException, InterruptedException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("why", why);
    if (target != null) {
      body.put("target", target);
    }
    String verb = action().name().toLowerCase(Locale.ROOT);
    if (name == null) {
      return verb + ": " + server.order(verb, body);
    }
    RemoteServer.Named named = server.named(name);
    if (named.isRun()) {
      throw new IOException(ONLY_BATCHES);
    }
    if (target != null) {
      throw new IOException("it names a batch and a target; name one of them");
    }
    return verb + " " + named.id() + ": " + server.order(named.path() + "/" + verb, body);
  }

  @Override
  String order(ControlClient files)
      throws ControlRefusedException, IOException, InterruptedException {
    ControlRequest request = ControlClient.request(action(), why);
    String what = Optional.ofNullable(target).orElse("all batches");
    if (target != null) {
      request = request.forTarget(target);
    }
    if (name != null) {
      ControlClient.BatchOrRun named = files.resolve(name);
      if (named.run().isPresent()) {
        throw new ControlRefusedException(ONLY_BATCHES);
      }
      Batch batch = named.batch();
      files.preconditions().requireUnfinished(batch);
      request = request.forBatch(batch.folder());
      what = batch.id();
    }
    Optional<String> broken = request.problem();
    if (broken.isPresent()) {
      throw new ControlRefusedException(broken.get());
    }
    String verb = action().name().charAt(0) + action().name().substring(1).toLowerCase(Locale.ROOT);
    return verb + " " + what + ": " + files.send(request);
  }
}
