package dev.caravan.pipeline.target;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether a target is ready, and why not, in words that follow "http://host:8000 is not ready: ".
 * They never hold a user, a password, a key or a query of the url.
 *
 * @param ready whether a run may start
 * @param message what was found
 * @param refused whether it answered, and so that waiting alone will not help: a key that it does
 *     not take, say
 */
public record Readiness(boolean ready, String message, boolean refused) {

  /** A target that is ready, or may become so by itself. */
  public Readiness(boolean ready, String message) {
    this(ready, message, false);
  }

  /**
   * What was asked.
   *
   * @param uri the url asked
   * @param keyName name of the environment variable whose key was sent, if one was
   */
  public record Question(URI uri, Optional<String> keyName) {}

  /** What a reply means: only 200 is ready. */
  public static Readiness of(Question question, TargetReply reply) {
    return of(question, reply, 200);
  }

  /** What a reply means when only the status {@code wanted} is ready. */
  public static Readiness of(Question question, TargetReply reply, int wanted) {
    int code = reply.code();
    return code == wanted
        ? new Readiness(true, "ready (" + code + " from " + ReadinessText.url(question.uri()) + ")")
        : new Readiness(false, refusal(question, reply, wanted), code == 401 || code == 403);
  }

  /** What it means that no reply came. */
  public static Readiness of(Question question, Throwable failure) {
    return of(question, failure, TargetClient.LIMIT);
  }

  /** What it means that no reply came within {@code limit}. */
  public static Readiness of(Question question, Throwable failure, Duration limit) {
    return new Readiness(false, ReadinessFailure.message(question.uri(), failure, limit));
  }

  private static String refusal(Question question, TargetReply reply, int wanted) {
    int code = reply.code();
    return switch (code) {
      case 401, 403 -> key(question, code);
      case 404 ->
          "it has nothing at %s (404): set health_check_endpoint, or none to ask nothing"
              .formatted(ReadinessText.path(question.uri()));
      case 407 -> "the proxy wants a user and password (407)";
      case 429 -> "it is too busy to answer (429)" + wait(reply);
      case 503 -> "it says it is not ready (503)" + wait(reply) + ReadinessText.quote(reply.body());
      default ->
          code >= 300 && code < 400 && reply.location().isPresent()
              ? redirect(question.uri(), code, reply.location().get())
              : "it answers " + code + ", not " + wanted + ReadinessText.quote(reply.body());
    };
  }

  private static String key(Question question, int code) {
    return question
        .keyName()
        .map(name -> "it does not accept the key in $" + name + " (" + code + ")")
        .orElse("it wants a key (" + code + "): name the key's variable in api_key_env_var");
  }

  private static String wait(TargetReply reply) {
    return reply
        .retryAfter()
        .map(value -> ", try again after " + ReadinessText.clean(value, 40))
        .map(text -> text.matches(".* \\d+") ? text + " s" : text)
        .orElse("");
  }

  private static String redirect(URI asked, int code, String location) {
    Optional<URI> to = ReadinessText.resolve(asked, location);
    if (to.isEmpty()) {
      return "it redirects (%d) to something that is no url: %s"
          .formatted(code, ReadinessText.clean(location, 100));
    }
    return sameTarget(asked, to.get())
        ? "it redirects to %s (%d): set health_check_endpoint to a path that answers 200"
            .formatted(ReadinessText.path(to.get()), code)
        : "it redirects to %s (%d): use that %s url"
            .formatted(shown(asked, to.get()), code, samePath(asked, to.get()) ? "host in" : "as");
  }

  /** Only the host where the path stays, since that part of the url is right already. */
  private static String shown(URI asked, URI to) {
    String url = ReadinessText.url(to);
    String path = ReadinessText.path(asked);
    return samePath(asked, to) ? url.substring(0, url.length() - path.length()) : url;
  }

  private static boolean samePath(URI asked, URI to) {
    return ReadinessText.url(to).endsWith(ReadinessText.path(asked))
        && ReadinessText.path(to).equals(ReadinessText.path(asked));
  }

  private static boolean sameTarget(URI one, URI other) {
    try {
      return Target.of(one.toString()).equals(Target.of(other.toString()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
