package dev.caravan.pipeline.target;

import dev.caravan.config.Target;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The result of a readiness probe: whether a target is ready and, if not, why. The message follows
 * "http://host:8000 is not ready: " and never contains the URL's user, password or query, or a key.
 *
 * @param ready whether a run may start
 * @param message the reason, for the user
 * @param refused whether the target is up and refuses this request, for example its key or its
 *     path; other requests may be accepted
 */
public record Readiness(boolean ready, String message, boolean refused) {

  /** What to do if the path of a probe does not suit a target. */
  private static final String OTHER_PROBE =
      "; to probe another path, set readiness.endpoint; to probe none, set"
          + " health_check_endpoint: none";

  /** What to do if a completion of a few tokens does not suit a target. */
  private static final String NO_COMPLETION =
      "; to start without this check, set readiness.preflight: false";

  /** A target that is ready, or is not ready for any request now. */
  public Readiness(boolean ready, String message) {
    this(ready, message, false);
  }

  /**
   * A probe request.
   *
   * @param method its HTTP method
   * @param uri the URL probed
   * @param keyVariable name of the environment variable whose key was sent, if any
   */
  public record Probe(String method, URI uri, Optional<String> keyVariable) {

    /** A GET request. */
    public static Probe get(URI uri, Optional<String> keyVariable) {
      return new Probe("GET", uri, keyVariable);
    }

    /** A completion request. */
    public static Probe post(URI uri, Optional<String> keyVariable) {
      return new Probe("POST", uri, keyVariable);
    }

    /** Method and path. */
    public String request() {
      return method + " " + ReadinessText.path(uri);
    }

    /** Method, path and status, such as {@code GET /v1/models returned 403}. */
    public String returned(int code) {
      return request() + " returned " + code;
    }

    /** What the user can do if this request does not suit the target. */
    public String alternative() {
      return method.equals("GET") ? OTHER_PROBE : NO_COMPLETION;
    }
  }

  /** Judges a reply: only status 200 means ready. */
  public static Readiness of(Probe probe, TargetReply reply) {
    return of(probe, reply, 200);
  }

  /** Judges a reply: only the status {@code expected} means ready. */
  public static Readiness of(Probe probe, TargetReply reply, int expected) {
    int code = reply.code();
    return code == expected
        ? new Readiness(true, "ready (" + code + " from " + ReadinessText.url(probe.uri()) + ")")
        : new Readiness(false, explanation(probe, reply, expected), reply.isRefusal());
  }

  /** Judges a probe that got no reply. */
  public static Readiness of(Probe probe, Throwable failure) {
    return of(probe, failure, TargetClient.LIMIT);
  }

  /** Judges a probe that got no reply within {@code limit}. */
  public static Readiness of(Probe probe, Throwable failure, Duration limit) {
    return new Readiness(
        false,
        ReadinessFailure.message(probe.uri(), failure, limit) + " (" + probe.request() + ")");
  }

  /** The readiness of a target that refused this probe and then served a completion. */
  public Readiness confirmedByCompletion() {
    return new Readiness(
        true, "ready: it serves completions, although it refused the probe: " + message);
  }

  private static String explanation(Probe probe, TargetReply reply, int expected) {
    int code = reply.code();
    String returned = probe.returned(code);
    String body = ReadinessText.suffix(reply.body());
    return switch (code) {
      case 401 -> unauthorized(probe, "it rejected the key in $") + returned + body + other(probe);
      case 403 -> unauthorized(probe, "it denies access with $") + returned + body + other(probe);
      case 404 -> "it has no such path: " + returned + body + other(probe);
      case 407 -> "the proxy requires a user name and password: " + returned + body;
      case 429 -> "it is overloaded: " + returned + retryAfter(reply) + body;
      case 503 -> "it is unavailable: " + returned + retryAfter(reply) + body;
      default ->
          code >= 300 && code < 400 && reply.location().isPresent()
              ? redirect(probe, code, reply.location().get())
              : returned + " instead of " + expected + body + probe.alternative();
    };
  }

  /** A completion without access, or on a wrong path, is what the run would send: no way round. */
  private static String other(Probe probe) {
    return probe.method().equals("GET") ? probe.alternative() : "";
  }

  private static String unauthorized(Probe probe, String keyRefused) {
    return probe
        .keyVariable()
        .map(name -> keyRefused + name + ": ")
        .orElse("it requires an API key (set api_key_env_var to the key's variable): ");
  }

  private static String retryAfter(TargetReply reply) {
    return reply
        .retryAfter()
        .map(value -> ", retry after " + ReadinessText.clean(value, 40))
        .map(text -> text.matches(".* \\d+") ? text + " s" : text)
        .orElse("");
  }

  private static String redirect(Probe probe, int code, String location) {
    URI requested = probe.uri();
    String returned = probe.returned(code);
    Optional<URI> to = ReadinessText.resolve(requested, location);
    if (to.isEmpty()) {
      return "it redirects to an invalid URL: %s: %s"
          .formatted(returned, ReadinessText.clean(location, 100));
    }
    return sameTarget(requested, to.get())
        ? "it redirects to %s (%s): set readiness.endpoint to a path that returns 200"
            .formatted(ReadinessText.path(to.get()), returned)
        : "it redirects to %s (%s): use %s url"
            .formatted(
                shown(requested, to.get()),
                returned,
                samePath(requested, to.get()) ? "that host in" : "it as");
  }

  /** Only scheme and host if the path stays the same, because only they need to change. */
  private static String shown(URI requested, URI to) {
    String url = ReadinessText.url(to);
    String path = ReadinessText.path(requested);
    return samePath(requested, to) ? url.substring(0, url.length() - path.length()) : url;
  }

  private static boolean samePath(URI requested, URI to) {
    return ReadinessText.url(to).endsWith(ReadinessText.path(requested))
        && ReadinessText.path(to).equals(ReadinessText.path(requested));
  }

  private static boolean sameTarget(URI one, URI other) {
    try {
      return Target.of(one.toString()).equals(Target.of(other.toString()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
