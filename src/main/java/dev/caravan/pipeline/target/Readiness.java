package dev.caravan.pipeline.target;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The result of a readiness probe: whether a target is ready and, if not, why. The message follows
 * "http://host:8000 is not ready: " and never contains the URL's user, password or query, or a key.
 *
 * @param ready whether a run may start
 * @param message the reason, for the user
 * @param permanent whether waiting alone will not help, for example because the key is rejected
 */
public record Readiness(boolean ready, String message, boolean permanent) {

  /** A target that is ready, or may become ready by itself. */
  public Readiness(boolean ready, String message) {
    this(ready, message, false);
  }

  /**
   * A probe request.
   *
   * @param uri the URL probed
   * @param keyVariable name of the environment variable whose key was sent, if any
   */
  public record Probe(URI uri, Optional<String> keyVariable) {}

  /** Judges a reply: only status 200 means ready. */
  public static Readiness of(Probe probe, TargetReply reply) {
    return of(probe, reply, 200);
  }

  /** Judges a reply: only the status {@code expected} means ready. */
  public static Readiness of(Probe probe, TargetReply reply, int expected) {
    int code = reply.code();
    return code == expected
        ? new Readiness(true, "ready (" + code + " from " + ReadinessText.url(probe.uri()) + ")")
        : new Readiness(false, refusal(probe, reply, expected), code == 401 || code == 403);
  }

  /** Judges a probe that got no reply. */
  public static Readiness of(Probe probe, Throwable failure) {
    return of(probe, failure, TargetClient.LIMIT);
  }

  /** Judges a probe that got no reply within {@code limit}. */
  public static Readiness of(Probe probe, Throwable failure, Duration limit) {
    return new Readiness(false, ReadinessFailure.message(probe.uri(), failure, limit));
  }

  private static String refusal(Probe probe, TargetReply reply, int expected) {
    int code = reply.code();
    return switch (code) {
      case 401, 403 -> unauthorized(probe, code);
      case 404 ->
          "it has no %s (404): set health_check_endpoint to another path, or to none"
              .formatted(ReadinessText.path(probe.uri()));
      case 407 -> "the proxy requires a user name and password (407)";
      case 429 -> "it is overloaded (429)" + retryAfter(reply);
      case 503 ->
          "it is unavailable (503)" + retryAfter(reply) + ReadinessText.suffix(reply.body());
      default ->
          code >= 300 && code < 400 && reply.location().isPresent()
              ? redirect(probe.uri(), code, reply.location().get())
              : "it returned "
                  + code
                  + " instead of "
                  + expected
                  + ReadinessText.suffix(reply.body());
    };
  }

  private static String unauthorized(Probe probe, int code) {
    return probe
        .keyVariable()
        .map(name -> "it rejected the key in $" + name + " (" + code + ")")
        .orElse("it requires an API key (" + code + "): set api_key_env_var to the key's variable");
  }

  private static String retryAfter(TargetReply reply) {
    return reply
        .retryAfter()
        .map(value -> ", retry after " + ReadinessText.clean(value, 40))
        .map(text -> text.matches(".* \\d+") ? text + " s" : text)
        .orElse("");
  }

  private static String redirect(URI requested, int code, String location) {
    Optional<URI> to = ReadinessText.resolve(requested, location);
    if (to.isEmpty()) {
      return "it redirects (%d) to an invalid URL: %s"
          .formatted(code, ReadinessText.clean(location, 100));
    }
    return sameTarget(requested, to.get())
        ? "it redirects to %s (%d): set health_check_endpoint to a path that returns 200"
            .formatted(ReadinessText.path(to.get()), code)
        : "it redirects to %s (%d): use %s url"
            .formatted(
                shown(requested, to.get()),
                code,
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
