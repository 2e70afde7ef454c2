package dev.caravan.tools.simulator;

/** Where the tokens of an answer go. Used on the event loop only. */
interface TokenSink {

  /** Takes the next token. */
  void token(String word);

  /** Ends the answer. */
  void end();

  /** Whether the caller reads too slowly for more to be sent now. */
  boolean isFull();

  /** Runs {@code action} once there is room again. */
  void whenRoom(Runnable action);
}
