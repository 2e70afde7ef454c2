package dev.caravan.tools.setup;

/** Takes what a setup says while it goes on. Lines may come from two threads. */
@FunctionalInterface
public interface SetupProgress {

  /** One line for the user, without its end. */
  void line(String text);
}
