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

/** Asks targets whether they are ready, and turns what they answer into words. */
public final class TargetProbes {

  private final SecretStore keys;
  private final TargetClient client;
  private final CompletionClient completions;

  public TargetProbes(SecretStore keys, TargetClient client) {
    this.keys = keys;
    this.client = client;
    this.completions = new CompletionClient(keys, client);
  }

  /** The Authorization header for the probe; null, so that none is sent, without a key. */
  public String authorization(RunTask task) {
    return key(task.run().parameters()).map(value -> "Bearer " + value).orElse(null);
  }

  /** The target's answer to the probe. */
  public RunTask answered(RunTask task, int code, String location, String retryAfter, String body) {
    TargetReply reply =
        new TargetReply(
            code,
            Optional.ofNullable(location),
            Optional.ofNullable(retryAfter),
            Optional.ofNullable(body).orElse(""));
    Parameters parameters = task.run().parameters();
    TargetReply keyless = key(parameters).map(reply::withMasked).orElse(reply);
    return task.with(Readiness.of(question(task), keyless, task.rules().status()));
  }

  /**
   * No answer came to the probe. What is no network failure is a url that camel-http cannot send to
   * (a host name with an underscore, say), though aiperf can: then the client is asked directly.
   */
  public RunTask unanswered(RunTask task, Exception failure) {
    return task.with(
        failure instanceof IOException
            ? Readiness.of(question(task), failure)
            : ask(task.run().parameters(), task.rules()));
  }

  /** Asks a run's target for a completion of one token, in place of the probe. */
  public RunTask complete(RunTask task) {
    return task.with(complete(task.run().parameters()));
  }

  private Readiness complete(Parameters parameters) {
    PreflightResult found = completions.ask(parameters, new StopSignal());
    return found.passed()
        ? new Readiness(true, "it gives completions")
        : new Readiness(false, found.message(), found.kind() == PreflightResult.Kind.HOPELESS);
  }

  /**
   * Asks a run's target outside of the route, by the rules of its batch: before a one-shot starts,
   * and after a failed run.
   */
  public Readiness ask(Parameters parameters, ReadinessRules rules) {
    return rules.completion() ? complete(parameters) : probe(parameters, rules);
  }

  private Readiness probe(Parameters parameters, ReadinessRules rules) {
    Optional<URI> uri = TargetUrls.probe(parameters, rules);
    if (uri.isEmpty()) {
      return new Readiness(true, "not asked");
    }
    Readiness.Probe question = new Readiness.Probe(uri.get(), parameters.apiKeyEnvVar());
    try {
      return Readiness.of(question, client.get(uri.get(), key(parameters)), rules.status());
    } catch (IOException e) {
      return Readiness.of(question, e);
    }
  }

  private Optional<String> key(Parameters parameters) {
    return parameters.apiKeyEnvVar().flatMap(keys::value);
  }

  private static Readiness.Probe question(RunTask task) {
    return new Readiness.Probe(task.probe().orElseThrow(), task.run().parameters().apiKeyEnvVar());
  }
}
