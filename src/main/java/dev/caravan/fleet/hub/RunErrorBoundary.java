package dev.caravan.fleet.hub;

import dev.caravan.storage.RepeatedTrouble;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an error while one run in flight is handled from reaching the others. The error is logged
 * once; the action is tried again after a growing pause. Thread-safe.
 */
final class RunErrorBoundary {

  private static final Logger LOG = LoggerFactory.getLogger(RunErrorBoundary.class);

  private final RepeatedTrouble troubles = new RepeatedTrouble(System::nanoTime);

  /** An action on a run. */
  @FunctionalInterface
  interface Action<T> {
    /** Performs the action. */
    Optional<T> perform() throws IOException;
  }

  /** Performs an action on a run; empty if it fails, or failed before and is not due yet. */
  <T> Optional<T> perform(String what, InFlightRun run, Action<T> action) {
    String thing = what + " " + run.deliveryId();
    if (!troubles.isDue(thing)) {
      return Optional.empty();
    }
    try {
      Optional<T> result = action.perform();
      troubles.over(thing);
      return result;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      if (troubles.add(thing, e.toString())) {
        LOG.error("[{}] Cannot {}; will retry: {}", run.order().runId(), what, e.toString());
      }
      return Optional.empty();
    }
  }
}
