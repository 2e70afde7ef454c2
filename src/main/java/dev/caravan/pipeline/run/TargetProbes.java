package dev.caravan.pipeline.run;

import dev.caravan.config.Parameters;
import dev.caravan.config.ReadinessRules;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.pipeline.target.Readiness;
import dev.caravan.pipeline.target.TargetClient;
import dev.caravan.pipeline.target.TargetReply;
import dev.caravan.pipeline.target.TargetUrls;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/** Probes whether targets are ready. */
public final class TargetProbes {

  private final SecretStore secrets;
  private final TargetClient client;
  private final CompletionClient completions;

  public TargetProbes(SecretStore secrets, TargetClient client) {
    this.secrets = secrets;
    this.client = client;
    this.completions = new CompletionClient(secrets, client);
  }

  /**
   * The Authorization header of the probe; null, so that none is sent, when there is no API key.
   */
  public String authorization(RunTask task) {
    return key(task.run().parameters()).map(value -> "Bearer " + value).orElse(null);
  }

  /** Evaluates the target's reply to the probe; the API key is masked in it. */
  public RunTask response(RunTask task, int code, String location, String retryAfter, String body) {
    TargetReply reply =
        new TargetReply(
            code,
            Optional.ofNullable(location),
            Optional.ofNullable(retryAfter),
            Optional.ofNullable(body).orElse(""));
    Parameters parameters = task.run().parameters();
    TargetReply masked = key(parameters).map(reply::withMasked).orElse(reply);
    return task.with(Readiness.of(probe(task), masked, task.rules().status()));
  }

  /**
   * Evaluates a probe without a reply. If this is not a network error, camel-http does not accept
   * the URL (for example a host name with an underscore) although aiperf does: then the probe is
   * sent without camel-http.
   */
  public RunTask failure(RunTask task, Exception failure) {
    return task.with(
        failure instanceof IOException
            ? Readiness.of(probe(task), failure)
            : readiness(task.run().parameters(), task.rules()));
  }

  /** Probes a run's target with a one-token completion instead of a plain request. */
  public RunTask requestCompletion(RunTask task) {
    return task.with(complete(task.run().parameters()));
  }

  private Readiness complete(Parameters parameters) {
    PreflightResult result = completions.request(parameters, new StopSignal());
    return result.mayStart()
        ? new Readiness(true, "it serves completions")
        : new Readiness(false, result.message(), result.kind() == PreflightResult.Kind.FAILED);
  }

  /**
   * Probes a run's target outside the route, by the rules of its batch: before a one-shot batch
   * starts, and after failed requests.
   */
  public Readiness readiness(Parameters parameters, ReadinessRules rules) {
    return rules.completion() ? complete(parameters) : probe(parameters, rules);
  }

  private Readiness probe(Parameters parameters, ReadinessRules rules) {
    Optional<URI> uri = TargetUrls.probe(parameters, rules);
    if (uri.isEmpty()) {
      return new Readiness(true, "not probed");
    }
    Readiness.Probe probe = new Readiness.Probe(uri.get(), parameters.apiKeyEnvVar());
    try {
      return Readiness.of(probe, client.get(uri.get(), key(parameters)), rules.status());
    } catch (IOException e) {
      return Readiness.of(probe, e);
    }
  }

  private Optional<String> key(Parameters parameters) {
    return parameters.apiKeyEnvVar().flatMap(secrets::apiKey);
  }

  private static Readiness.Probe probe(RunTask task) {
    return new Readiness.Probe(task.probe().orElseThrow(), task.run().parameters().apiKeyEnvVar());
  }
}
