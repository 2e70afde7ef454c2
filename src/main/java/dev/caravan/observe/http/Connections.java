package dev.caravan.observe.http;

import io.vertx.core.http.HttpConnection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open connections of the server. A connection that does not bring a whole request in time is
 * closed. When there are too many, the one that has waited longest makes room. Thread-safe.
 */
final class Connections {

  private static final long IN_PROGRESS = Long.MAX_VALUE;

  private final HttpLimits limits;

  /** The time since which each connection owes a request. */
  private final Map<HttpConnection, Long> waitingSince = new ConcurrentHashMap<>();

  Connections(HttpLimits limits) {
    this.limits = limits;
  }

  HttpLimits limits() {
    return limits;
  }

  /** Accepts a new connection. */
  synchronized void opened(HttpConnection connection) {
    connection.closeHandler(closed -> waitingSince.remove(connection));
    waitingSince.put(connection, System.nanoTime());
    if (waitingSince.size() > limits.connections()) {
      HttpConnection leaving = longestWaiting().orElse(connection);
      waitingSince.remove(leaving);
      leaving.close();
    }
  }

  private Optional<HttpConnection> longestWaiting() {
    long now = System.nanoTime();
    return waitingSince.entrySet().stream()
        .filter(entry -> entry.getValue() != IN_PROGRESS)
        .max(Comparator.comparingLong(entry -> now - entry.getValue()))
        .map(Map.Entry::getKey);
  }

  /** The connection has brought a whole request. */
  void requested(HttpConnection connection) {
    waitingSince.replace(connection, IN_PROGRESS);
  }

  /** The response was sent; the connection may bring its next request. */
  void answered(HttpConnection connection) {
    waitingSince.replace(connection, System.nanoTime());
  }

  /** Closes connections that have waited too long. */
  void closeLate() {
    long now = System.nanoTime();
    waitingSince.forEach(
        (connection, since) -> {
          if (since != IN_PROGRESS && now - since > limits.requestTime().toNanos()) {
            connection.close();
          }
        });
  }

  int count() {
    return waitingSince.size();
  }
}
