package dev.caravan.pipeline.process;

import java.time.Duration;
import java.util.Optional;

/** Monitors one running process and decides when it must be ended. */
public interface Watchdog {

  /**
   * Checks the limits. Called several times a second by the thread that waits for the process, so
   * it must be fast. Called once more when the launch's own limit has passed.
   *
   * @param elapsed how long the process has run, measured with the monotonic clock
   * @return a message for the user that names the limit exceeded; empty if none is
   */
  Optional<String> overdue(Duration elapsed);
}
