package dev.caravan.app.camel;

import dev.caravan.config.text.DisplayText;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.FailedToCreateConsumerException;
import org.apache.camel.FailedToCreateProducerException;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * Says what failed at an endpoint, without what of its URI may be a secret: values of options, a
 * user, and the path, as that of many webhooks. Camel quotes whole URIs.
 */
final class EndpointFailures {

  private static final int MAX_DEPTH = 20;

  private EndpointFailures() {}

  /** The innermost cause, with its kind. */
  static String message(Throwable failure) {
    List<Throwable> chain = chain(failure);
    Throwable root = chain.get(chain.size() - 1);
    return root instanceof HttpOperationFailedException refused
        ? "HTTP status " + refused.getStatusCode()
        : withoutUrls(String.valueOf(root.getMessage()))
            + " ("
            + root.getClass().getSimpleName()
            + ")";
  }

  /** A text whose http URLs end after the host. */
  static String withoutUrls(String text) {
    return DisplayText.withoutUsers(text).replaceAll("(https?://[^/\\s?]*+)[/?]\\S*+", "$1/…");
  }

  /** Whether a message of this failure has a URL that is not to be shown. */
  static boolean quotesUrls(Throwable failure) {
    return chain(failure).stream()
        .map(e -> String.valueOf(e.getMessage()))
        .anyMatch(message -> !withoutUrls(message).equals(message));
  }

  /** Which route did not start, and why; empty if it was no route that failed. */
  static Optional<StartFailure> ofStart(Throwable failure) {
    List<Throwable> chain = chain(failure);
    return chain.stream()
        .flatMap(e -> route(e).stream())
        .findFirst()
        .map(route -> new StartFailure(route, reason(chain)));
  }

  /**
   * A route that did not start.
   *
   * @param route its id
   * @param reason in one line
   */
  record StartFailure(String route, String reason) {}

  private static Optional<String> route(Throwable failure) {
    if (failure instanceof FailedToCreateRouteException e) {
      return Optional.ofNullable(e.getRouteId());
    }
    return failure instanceof FailedToStartRouteException e
        ? Optional.ofNullable(e.getRouteId())
        : Optional.empty();
  }

  private static String reason(List<Throwable> chain) {
    List<EndpointUri> uris =
        chain.stream().flatMap(e -> uri(e).stream()).map(EndpointUri::new).toList();
    String text = String.valueOf(chain.get(chain.size() - 1).getMessage());
    for (EndpointUri uri : uris) {
      text = uri.hideIn(text);
    }
    String endpoint = uris.stream().findFirst().map(uri -> uri.shown() + ": ").orElse("");
    return endpoint + option(chain) + withoutUrls(text).strip().lines().findFirst().orElse("");
  }

  private static String option(List<Throwable> chain) {
    return chain.stream()
        .filter(PropertyBindingException.class::isInstance)
        .map(e -> "option " + ((PropertyBindingException) e).getPropertyName() + ": ")
        .findFirst()
        .orElse("");
  }

  private static Optional<String> uri(Throwable failure) {
    if (failure instanceof ResolveEndpointFailedException e) {
      return Optional.ofNullable(e.getUri());
    }
    if (failure instanceof FailedToCreateConsumerException e) {
      return Optional.ofNullable(e.getUri());
    }
    return failure instanceof FailedToCreateProducerException e
        ? Optional.ofNullable(e.getUri())
        : Optional.empty();
  }

  private static List<Throwable> chain(Throwable failure) {
    return Stream.iterate(failure, e -> e != null, Throwable::getCause).limit(MAX_DEPTH).toList();
  }
}
