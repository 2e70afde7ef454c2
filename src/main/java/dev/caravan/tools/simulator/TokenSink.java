package dev.caravan.tools.simulator;

/** Receives the tokens of a response. Used only on the event loop. */
interface TokenSink {

  /** Accepts the next token. */
  void token(String word);

  /** Completes the response. */
  void end();

  /** Whether the client reads too slowly to accept more now (back-pressure). */
  boolean isFull();

  /** Runs {@code action} when the sink accepts tokens again. */
  void onDrain(Runnable action);
}
