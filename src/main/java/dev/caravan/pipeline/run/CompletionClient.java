package dev.caravan.pipeline.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.Parameters;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.pipeline.target.Readiness;
import dev.caravan.pipeline.target.TargetClient;
import dev.caravan.pipeline.target.TargetReply;
import dev.caravan.pipeline.target.TargetUrls;
import dev.caravan.storage.Json;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Requests one-token completions from targets, on the endpoint of a run and with its API key. */
final class CompletionClient {

  private final RunSecrets secrets;
  private final TargetClient client;

  CompletionClient(SecretStore secrets, TargetClient client) {
    this.secrets = new RunSecrets(secrets);
    this.client = client;
  }

  /**
   * Requests one token and, if that is refused or fails, once more what the run requests: some
   * services serve no completion as short as one token. Each request may take 30 s; {@code stop}
   * ends it early.
   *
   * @param served the models that the target lists; empty when that is unknown
   */
  PreflightResult request(Parameters run, List<String> served, StopSignal stop) {
    URI uri = TargetUrls.requests(run.url(), run.endpoint());
    Readiness.Probe question = Readiness.Probe.post(uri, run.apiKeyEnvVar());
    CompletionReply judge = new CompletionReply(question, run.model(), served);
    TargetReply reply;
    try {
      reply = client.complete(uri, secrets.headers(run), ProbeCompletion.oneToken(run), stop);
    } catch (IOException e) {
      return PreflightResult.notReady(
          Readiness.of(question, e, TargetClient.COMPLETION_LIMIT).message());
    }
    if (!judge.mayConcernOneToken(reply)) {
      return judge.judge(reply);
    }
    try {
      return judge
          .judge(client.complete(uri, secrets.headers(run), ProbeCompletion.asTheRun(run), stop))
          .withLength();
    } catch (IOException e) {
      return judge
          .undecided(reply)
          .withLength(); // Without a limit, a completion may take longer than this.
    }
  }

  /** The ids of the models that the target lists; empty when it has no readable list. */
  List<String> models(Parameters run) {
    Optional<URI> uri =
        TargetUrls.probe(run.url(), run.endpoint(), Optional.of(TargetUrls.DEFAULT_HEALTH));
    try {
      TargetReply reply = client.get(uri.orElseThrow(), secrets.headers(run));
      JsonNode data = Json.MAPPER.readTree(reply.body()).path("data");
      return StreamSupport.stream(data.spliterator(), false)
          .map(model -> model.path("id").asText())
          .filter(id -> !id.isEmpty())
          .toList();
    } catch (JsonProcessingException e) {
      return List.of(); // Not every service has the list, and a very long one is truncated.
    } catch (IOException e) {
      return List.of(); // The completion request that follows reports the error.
    }
  }
}
