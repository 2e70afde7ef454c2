package dev.caravan.pipeline.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.config.Parameters;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.pipeline.target.Readiness;
import dev.caravan.pipeline.target.TargetClient;
import dev.caravan.pipeline.target.TargetReply;
import dev.caravan.pipeline.target.TargetUrls;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Requests one-token completions from targets, on the endpoint of a run and with its API key. */
final class CompletionClient {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SecretStore secrets;
  private final TargetClient client;

  CompletionClient(SecretStore secrets, TargetClient client) {
    this.secrets = secrets;
    this.client = client;
  }

  /** Sends one request and waits 30 s at most; {@code stop} ends it early. */
  PreflightResult request(Parameters run, StopSignal stop) {
    URI uri = TargetUrls.requests(run.url(), run.endpoint());
    Readiness.Probe question = new Readiness.Probe(uri, run.apiKeyEnvVar());
    try {
      TargetReply reply = client.complete(uri, key(run), ProbeCompletion.body(run), stop);
      return new CompletionReply(question, run.model()).judge(reply);
    } catch (IOException e) {
      return PreflightResult.notReady(
          Readiness.of(question, e, TargetClient.COMPLETION_LIMIT).message());
    }
  }

  /** The ids of the models that the target lists; empty when it has no readable list. */
  List<String> models(Parameters run) {
    Optional<URI> uri =
        TargetUrls.probe(run.url(), run.endpoint(), Optional.of(TargetUrls.DEFAULT_HEALTH));
    try {
      TargetReply reply = client.get(uri.orElseThrow(), key(run));
      JsonNode data = JSON.readTree(reply.body()).path("data");
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

  private Optional<String> key(Parameters run) {
    return run.apiKeyEnvVar().flatMap(secrets::apiKey);
  }
}
