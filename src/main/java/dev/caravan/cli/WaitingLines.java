package dev.caravan.cli;

import dev.caravan.pipeline.outcome.OneLine;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs why something waits: a line for each reason, however often it comes and goes until the wait
 * is over. A batch may wait for others in turn, for hours.
 */
final class WaitingLines {

  private static final Logger LOG = LoggerFactory.getLogger(WaitingLines.class);
  private static final int MAX_LINE = 500;

  /** Finding the reason costs more than a poll, and most waits end before it matters. */
  private static final int POLLS = 3;

  private int polls;
  private final Set<String> told = new HashSet<>();

  /** Logs the reason if it is a new one; looks at some of the calls only. */
  void poll(Supplier<Optional<String>> reason) {
    polls++;
    if (polls % POLLS == 0) {
      reason
          .get()
          .map(why -> OneLine.line(why, MAX_LINE))
          .filter(told::add)
          .ifPresent(why -> LOG.info("Waiting: {}", why));
    }
  }

  /** Ends the wait: the same reasons are logged again when they come back. */
  void over() {
    told.clear();
  }
}
