package dev.caravan.fleet.jms;

import dev.caravan.config.text.Durations;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.storage.RepeatedTrouble;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs which peers the embedded broker refuses, and why: once for a peer, however often it tries
 * again, and at most {@value #MAX_LINES} lines in ten minutes, however many addresses an attacker
 * uses. Thread-safe.
 */
final class Refusals {

  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  /** The most characters of a peer's text that are logged. */
  private static final int MAX_TEXT = 200;

  /** How many lines are logged within a window of time. */
  private static final int MAX_LINES = 100;

  private static final Duration WINDOW = Duration.ofMinutes(10);

  private final LongSupplier nanoTime;
  private final RepeatedTrouble refused;
  private long windowBegan;
  private int lines;

  Refusals() {
    this(System::nanoTime);
  }

  /** Nothing refused yet; {@code nanoTime} is a monotonic clock. */
  Refusals(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.refused = new RepeatedTrouble(nanoTime);
    this.windowBegan = nanoTime.getAsLong();
  }

  /**
   * Adds a refusal.
   *
   * @param peer host or user
   * @param why one of few reasons: what follows is logged with the first refusal for it only
   * @param detail continues the reason; empty for none
   */
  void add(String peer, String why, String detail) {
    String refusal = peer + ": " + why;
    if (!refused.add(refusal, "")) {
      return;
    }
    int line = nextLine();
    if (line <= MAX_LINES) {
      LOG.warn("Refused {}: {}{}. Repetitions are not logged", peer, why, detail);
      return;
    }
    refused.over(refusal); // it is new when it comes again
    if (line == MAX_LINES + 1) {
      LOG.warn(
          "Refused {} peers within {}; the others of this time are not logged",
          MAX_LINES,
          Durations.format(WINDOW));
    }
  }

  /** The number of a line in the present window, from 1. */
  private synchronized int nextLine() {
    long now = nanoTime.getAsLong();
    if (now - windowBegan >= WINDOW.toNanos()) {
      windowBegan = now;
      lines = 0;
    }
    lines = Math.min(lines, MAX_LINES + 1) + 1;
    return lines;
  }

  /** Text of a peer in quotes, after a space. */
  static String quoted(String text) {
    return " \"" + OneLine.line(text, MAX_TEXT) + "\"";
  }

  /** A message of Java about a peer, which may quote its certificate, after a colon. */
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
