package dev.caravan.pipeline.target;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;

/** Explains why a probe got no reply, from the exception or one of its causes. */
final class ReadinessFailure {

  private ReadinessFailure() {}

  /** The message that follows "is not ready: ". */
  static String message(URI uri, Throwable failure, Duration limit) {
    return connection(uri, failure, limit)
        .or(() -> tls(uri, failure))
        .or(() -> protocol(uri, failure))
        .orElseGet(
            () ->
                "the probe failed: %s: %s"
                    .formatted(
                        failure.getClass().getSimpleName(),
                        ReadinessText.clean(String.valueOf(failure.getMessage()), 200)));
  }

  private static Optional<String> connection(URI uri, Throwable failure, Duration limit) {
    if (find(failure, TargetNetwork.NoUsableAddressException.class).isPresent()) {
      return find(failure, UnknownHostException.class)
          .map(e -> ReadinessText.address(uri) + " has " + e.getMessage());
    }
    if (find(failure, UnknownHostException.class).isPresent()) {
      return Optional.of("unknown host '" + host(uri, failure) + "'");
    }
    if (find(failure, ConnectTimeoutException.class).isPresent()) {
      return Optional.of(
          "no connection to %s within %s"
              .formatted(peer(uri, failure), seconds(TargetClient.LIMIT)));
    }
    if (find(failure, SocketTimeoutException.class).isPresent()) {
      return Optional.of(
          "no response within " + seconds(limit) + " from " + ReadinessText.url(uri));
    }
    if (find(failure, NoRouteToHostException.class).isPresent()) {
      return Optional.of("no route to " + peer(uri, failure));
    }
    return find(failure, ConnectException.class).map(e -> refused(uri, failure));
  }

  private static String refused(URI uri, Throwable failure) {
    String text = find(failure, ConnectException.class).orElseThrow().getMessage();
    return text == null || text.contains("refused")
        ? "connection refused by " + peer(uri, failure)
        : "no connection to " + peer(uri, failure) + ": " + ReadinessText.clean(text, 200);
  }

  private static Optional<String> tls(URI uri, Throwable failure) {
    return find(failure, SSLException.class)
        .map(e -> "TLS with " + ReadinessText.address(uri) + " failed: " + tlsReason(failure, e));
  }

  private static String tlsReason(Throwable failure, SSLException e) {
    String text = String.valueOf(e.getMessage());
    if (find(failure, CertificateExpiredException.class).isPresent()) {
      return "its certificate has expired";
    }
    if (find(failure, CertificateNotYetValidException.class).isPresent()) {
      return "its certificate is not valid yet (is the clock right?)";
    }
    if (e instanceof SSLPeerUnverifiedException) {
      return "its certificate is for another host name";
    }
    if (find(failure, CertPathValidatorException.class).isPresent() || text.contains("PKIX")) {
      return "its certificate is not trusted (set SSL_CERT_FILE to the file of its CA)";
    }
    return text.contains("plaintext") || text.contains("Unsupported or unrecognized")
        ? "the port does not use TLS (should url start with http://?)"
        : ReadinessText.clean(text, 200);
  }

  private static Optional<String> protocol(URI uri, Throwable failure) {
    if (find(failure, NoHttpResponseException.class).isPresent()) {
      return Optional.of(ReadinessText.address(uri) + " closed the connection without a response");
    }
    if (find(failure, SocketException.class).isPresent()
        || find(failure, ConnectionClosedException.class).isPresent()) {
      return Optional.of(ReadinessText.address(uri) + " dropped the connection");
    }
    return find(failure, HttpException.class)
        .map(Throwable::getMessage)
        .or(() -> find(failure, MessageConstraintException.class).map(Throwable::getMessage))
        .map(text -> ReadinessText.clean(text, 200))
        .map(text -> ReadinessText.address(uri) + " did not return a valid HTTP response: " + text);
  }

  /** The host that did not accept the connection: the target, or the proxy in front of it. */
  private static String peer(URI uri, Throwable failure) {
    return find(failure, HttpHostConnectException.class)
        .map(HttpHostConnectException::getHost)
        .or(
            () ->
                find(failure, ConnectTimeoutException.class).map(ConnectTimeoutException::getHost))
        .filter(host -> host.getPort() > 0)
        .map(host -> host.getHostName() + ":" + host.getPort())
        .orElse(ReadinessText.address(uri));
  }

  private static String host(URI uri, Throwable failure) {
    return find(failure, UnknownHostException.class)
        .map(Throwable::getMessage)
        .map(text -> ReadinessText.clean(text.replaceFirst(":.*", ""), 200))
        .filter(text -> !text.isBlank())
        .orElse(ReadinessText.address(uri));
  }

  private static String seconds(Duration limit) {
    return limit.toSeconds() + " s";
  }

  private static <T> Optional<T> find(Throwable failure, Class<T> kind) {
    return Stream.iterate(failure, e -> e != null, Throwable::getCause)
        .limit(20)
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst();
  }
}
