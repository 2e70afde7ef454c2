package dev.caravan.pipeline.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.Parameters;
import dev.caravan.model.Run;
import dev.caravan.pipeline.environment.ServiceIdentity;
import dev.caravan.pipeline.environment.ServiceMetrics;
import dev.caravan.pipeline.target.ReadinessText;
import dev.caravan.pipeline.target.RequestHeaders;
import dev.caravan.pipeline.target.TargetClient;
import dev.caravan.pipeline.target.TargetReply;
import dev.caravan.pipeline.target.TargetUrls;
import dev.caravan.storage.Json;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Asks services what they are and how busy they are, by requests other than completions. No answer
 * may take longer than 2.5 s. A path without an answer is not requested again for the same batch.
 */
final class ServiceClient implements AutoCloseable {

  static final Duration LIMIT = Duration.ofMillis(2_500);

  private static final int OK = 200;
  private static final int MAX_TEXT = 200;
  private static final int MAX_SILENT = 1_000;

  private final RunSecrets secrets;
  private final TargetClient client;
  private final Duration limit;
  private final Recent<String, Boolean> silent = new Recent<>(MAX_SILENT);
  private final ExecutorService threads = Executors.newCachedThreadPool(ServiceClient::thread);

  ServiceClient(SecretStore secrets, TargetClient client, Duration limit) {
    this.limit = limit;
    this.secrets = new RunSecrets(secrets);
    this.client = client;
  }

  /** What the service of a run is. */
  CompletableFuture<ServiceIdentity> identity(Run run) {
    OffsetDateTime now = OffsetDateTime.now();
    Parameters parameters = run.parameters();
    CompletableFuture<String> version = get(run, beside(parameters, "/version"));
    CompletableFuture<ServiceMetrics> metrics = metrics(run);
    return get(run, models(parameters))
        .thenCombine(version, (models, page) -> properties(parameters.model(), models, page))
        .thenCombine(
            metrics,
            (properties, seen) -> new ServiceIdentity(now, properties, seen.processStart()));
  }

  /** Its metrics. */
  CompletableFuture<ServiceMetrics> metrics(Run run) {
    return get(run, beside(run.parameters(), "/metrics")).thenApply(ServiceMetrics::read);
  }

  private static URI models(Parameters run) {
    return TargetUrls.probe(run.url(), run.endpoint(), Optional.of(TargetUrls.DEFAULT_HEALTH))
        .orElseThrow();
  }

  private static URI beside(Parameters run, String path) {
    return TargetUrls.beside(run.url(), run.endpoint(), path);
  }

  private static Map<String, String> properties(String model, String models, String version) {
    Map<String, String> properties = new LinkedHashMap<>();
    for (JsonNode listed : json(models).path("data")) {
      if (listed.path("id").asText().equals(model)) {
        put(properties, "model", listed.path("id"));
        put(properties, "root", listed.path("root"));
      }
    }
    put(properties, "version", json(version).path("version"));
    return properties;
  }

  private static void put(Map<String, String> properties, String name, JsonNode value) {
    String text = ReadinessText.clean(value.asText(""), MAX_TEXT);
    if (!text.isEmpty()) {
      properties.put(name, text);
    }
  }

  private static JsonNode json(String text) {
    try {
      return text.isEmpty() ? Json.MAPPER.createObjectNode() : Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return Json.MAPPER.createObjectNode(); // some other page, or a list that was cut off
    }
  }

  /** The body of a reply; empty if there is none with status 200. */
  private CompletableFuture<String> get(Run run, URI uri) {
    String place = run.batch().record().claimId() + " " + uri;
    if (silent.find(place).isPresent()) {
      return CompletableFuture.completedFuture("");
    }
    RequestHeaders headers = secrets.headers(run.parameters());
    return CompletableFuture.supplyAsync(() -> body(place, uri, headers), threads)
        .completeOnTimeout("", limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private String body(String place, URI uri, RequestHeaders headers) {
    try {
      TargetReply reply = client.ask(uri, headers);
      if (reply.code() != OK && reply.isRefusal()) {
        silent.put(place, true);
      }
      return reply.code() == OK ? reply.body() : "";
    } catch (SocketTimeoutException e) {
      silent.put(place, true); // every run would wait as long
      return "";
    } catch (IOException e) {
      return ""; // the probe or the judge reports a service that is down
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "service-question");
    thread.setDaemon(true);
    return thread;
  }
}
