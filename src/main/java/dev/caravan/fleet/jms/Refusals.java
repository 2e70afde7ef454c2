package dev.caravan.fleet.jms;

import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.storage.RepeatedTrouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs whom the embedded broker refuses and why: once, and not at every attempt of a peer that
 * tries again. Thread-safe.
 */
final class Refusals {

  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  /** How much is told of what a peer sent, in characters. */
  private static final int MAX_TEXT = 200;

  private final RepeatedTrouble refused = new RepeatedTrouble(System::nanoTime);

  /**
   * Adds a refusal.
   *
   * @param peer host or user
   * @param why one of few reasons: what follows is logged with the first refusal for it only
   * @param detail continues the reason; empty for none
   */
  void add(String peer, String why, String detail) {
    if (refused.add(peer + ": " + why, "")) {
      LOG.warn("Refused {}: {}{}. Repetitions are not logged", peer, why, detail);
    }
  }

  /** Text of a peer in quotes, after a space. */
  static String quoted(String text) {
    return " \"" + OneLine.line(text, MAX_TEXT) + "\"";
  }

  /** What Java says of a peer, which may be in the words of its certificate, after a colon. */
  static String said(String message) {
    return ": " + OneLine.line(message, MAX_TEXT);
  }

  /** The host of a remote address, without the port, which differs at each attempt. */
  static String host(String address) {
    if (address == null) { // a connection that is closed already
      return "an unknown address";
    }
    String literal = address.substring(address.lastIndexOf('/') + 1);
    int port = literal.lastIndexOf(':');
    return port < 0 ? literal : literal.substring(0, port);
  }
}
