package dev.caravan.pipeline.process;

import java.time.Duration;
import java.util.Optional;

/** Looks after one process while it runs, and says when it has to be ended. */
public interface Watchdog {

  /**
   * Asked several times a second, by the thread that follows the process, so that it must be quick.
   * It is asked once more when the launch's own limit has passed.
   *
   * @param running how long the process has run, by the monotonic clock
   * @return which limit has passed, in words for people; empty while all is well
   */
  Optional<String> overdue(Duration running);
}
