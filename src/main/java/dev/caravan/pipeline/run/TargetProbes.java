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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Probes whether targets are ready. */
public final class TargetProbes {

  /** How the names of Camel's own headers begin. */
  private static final String CAMEL = "Camel";

  private final RunSecrets secrets;
  private final TargetClient client;
  private final CompletionClient completions;

  public TargetProbes(SecretStore secrets, TargetClient client) {
    this.secrets = new RunSecrets(secrets);
    this.client = client;
    this.completions = new CompletionClient(secrets, client);
  }

  /** Whether a run's target must now be probed with a plain request. */
  public boolean isDue(RunTask task) {
    return task.needsProbe();
  }

  /** Whether a run's target must now be probed with a completion. */
  public boolean isCompletionDue(RunTask task) {
    return task.needsCompletion();
  }

  /** The URL to probe. */
  public String uri(RunTask task) {
    return task.probeUri();
  }

  /**
   * Adds the headers that the target expects to those of the probe, except headers that Camel would
   * read as instructions, which it would not send anyway.
   */
  public void addHeaders(RunTask task, Map<String, Object> headers) {
    secrets
        .headers(task.run().parameters())
        .values()
        .forEach(
            (name, value) -> {
              if (!name.regionMatches(true, 0, CAMEL, 0, CAMEL.length())) {
                headers.put(name, value);
              }
            });
  }

  /** Evaluates the target's reply to the probe; the API key is masked in it. */
  public RunTask response(RunTask task, int code, String location, String retryAfter, String body) {
    TargetReply reply =
        new TargetReply(
            code,
            Optional.ofNullable(location),
            Optional.ofNullable(retryAfter),
            Optional.ofNullable(body).orElse(""));
    TargetReply masked = secrets.headers(task.run().parameters()).masked(reply);
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
            : probe(task.run().parameters(), task.rules()));
  }

  /** Probes a run's target with a one-token completion instead of a plain request. */
  public RunTask requestCompletion(RunTask task) {
    return task.with(readiness(requestCompletion(task.run().parameters())));
  }

  private PreflightResult requestCompletion(Parameters parameters) {
    return completions.request(parameters, List.of(), new StopSignal());
  }

  private static Readiness readiness(PreflightResult completion) {
    return completion.mayStart()
        ? new Readiness(true, "ready: it serves completions")
        : new Readiness(
            false, completion.message(), completion.kind() == PreflightResult.Kind.FAILED);
  }

  /**
   * Probes a run's target outside the route, by the rules of its batch. After a refused probe, a
   * completion decides, as before a run.
   */
  public Readiness readiness(Parameters parameters, ReadinessRules rules) {
    Readiness found = ask(parameters, rules);
    return found.refused() && hasPreflight(parameters, rules)
        ? decided(found, requestCompletion(parameters))
        : found;
  }

  /**
   * Probes a run's target before a one-shot batch starts. Also requests the completion of the
   * preflight, so that a service that cannot complete anything yet is found before the batch
   * exists. A completion that fails for good is left to the preflight, which records its cause.
   */
  public Readiness readinessToStart(Parameters parameters, ReadinessRules rules) {
    Readiness found = ask(parameters, rules);
    if (!hasPreflight(parameters, rules) || !found.ready() && !found.refused()) {
      return found;
    }
    PreflightResult completion = requestCompletion(parameters);
    if (found.refused()) {
      return decided(found, completion);
    }
    return completion.kind() == PreflightResult.Kind.NOT_READY ? readiness(completion) : found;
  }

  /** Whether the preflight requests a completion that the probe did not request already. */
  private static boolean hasPreflight(Parameters parameters, ReadinessRules rules) {
    return rules.preflight()
        && !rules.completion()
        && parameters.endpointType().supportsCompletion();
  }

  /**
   * Whether a run's target is up: it accepts the probe, or refuses it. After failed requests, a
   * refusal shows that the target was not lost.
   */
  boolean isUp(Parameters parameters, ReadinessRules rules) {
    Readiness found = ask(parameters, rules);
    return found.ready() || found.refused();
  }

  /** The result of a refused probe once a completion was requested. */
  private static Readiness decided(Readiness refused, PreflightResult completion) {
    return switch (completion.kind()) {
      case PASSED -> refused.confirmedByCompletion();
      case WARNING -> refused;
      case NOT_READY, FAILED -> readiness(completion);
    };
  }

  private Readiness ask(Parameters parameters, ReadinessRules rules) {
    return rules.completion() ? readiness(requestCompletion(parameters)) : probe(parameters, rules);
  }

  private Readiness probe(Parameters parameters, ReadinessRules rules) {
    Optional<URI> uri = TargetUrls.probe(parameters, rules);
    if (uri.isEmpty()) {
      return new Readiness(true, "not probed");
    }
    Readiness.Probe probe = Readiness.Probe.get(uri.get(), parameters.apiKeyEnvVar());
    try {
      return Readiness.of(
          probe, client.get(uri.get(), secrets.headers(parameters)), rules.status());
    } catch (IOException e) {
      return Readiness.of(probe, e);
    }
  }

  private static Readiness.Probe probe(RunTask task) {
    return Readiness.Probe.get(task.probe().orElseThrow(), task.run().parameters().apiKeyEnvVar());
  }
}
