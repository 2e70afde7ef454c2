package dev.caravan.tools.setup;

/** Receives the progress messages of a setup, possibly from two threads. */
@FunctionalInterface
public interface SetupProgress {

  /** Receives one line for the user, without a line terminator. */
  void line(String text);
}
