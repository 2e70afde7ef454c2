package dev.caravan.fleet.hub;

import dev.caravan.storage.RepeatedTrouble;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The edge of a run in flight: an error over it is logged once and tried again, at first soon, and
 * reaches no other run. Thread-safe.
 */
final class RunEdge {

  private static final Logger LOG = LoggerFactory.getLogger(RunEdge.class);

  private final RepeatedTrouble troubles = new RepeatedTrouble(System::nanoTime);

  /** What is done for a run. */
  @FunctionalInterface
  interface Action<T> {
    /** Does it. */
    Optional<T> perform() throws IOException;
  }

  /** Does something for a run; empty if that failed, or failed before and is not due again. */
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
