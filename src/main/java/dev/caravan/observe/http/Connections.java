package dev.caravan.observe.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
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
      cut(leaving);
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

  /**
   * Closes a connection at once. Vert.x itself closes one only when its client has taken all that
   * was written, which may be never.
   */
  static void cut(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      base.channelHandlerContext().close();
    } else {
      connection.close();
    }
  }

  /** Closes connections that have waited too long. */
  void closeLate() {
    long now = System.nanoTime();
    waitingSince.forEach(
        (connection, since) -> {
          if (since != IN_PROGRESS && now - since > limits.requestTime().toNanos()) {
            cut(connection);
          }
        });
  }

  int count() {
    return waitingSince.size();
  }
}
