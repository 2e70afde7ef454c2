package dev.caravan.cli;

import dev.caravan.pipeline.outcome.OneLine;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs why something waits: a line for each reason, when it is a new one. */
final class WaitingLines {

  private static final Logger LOG = LoggerFactory.getLogger(WaitingLines.class);
  private static final int MAX_LINE = 500;

  /** To look costs more than a poll, and most waits end before anybody asks why. */
  private static final int POLLS = 3;

  private int polls;
  private String told = "";

  /** Logs the reason if it is another one than the last; looks at some of the calls only. */
  void poll(Supplier<Optional<String>> reason) {
    polls++;
    if (polls % POLLS == 0) {
      reason
          .get()
          .map(why -> OneLine.line(why, MAX_LINE))
          .filter(why -> !why.equals(told))
          .ifPresent(this::tell);
    }
  }

  private void tell(String why) {
    told = why;
    LOG.info("Waiting: {}", why);
  }

  /** The wait is over: the same reason is told again when it comes again. */
  void over() {
    told = "";
  }
}
