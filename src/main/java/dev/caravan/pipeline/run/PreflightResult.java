package dev.caravan.pipeline.run;

import dev.caravan.model.Cause;

/**
 * What a try before the first run showed.
 *
 * @param kind what follows from it
 * @param cause word of the cause with which runs fail over it; empty when they do not
 * @param message what was found, for people; empty when all is well
 */
record PreflightResult(Kind kind, String cause, String message) {

  /** What follows. */
  enum Kind {
    /** Runs may start. */
    FINE,
    /** Runs may start, though nothing was proved; the words are worth a warning. */
    DOUBTFUL,
    /** It may be well later: try again with patience. */
    NOT_READY,
    /** Every run would fail over it. */
    HOPELESS
  }

  static final PreflightResult FINE = new PreflightResult(Kind.FINE, "", "");

  static PreflightResult doubtful(String message) {
    return new PreflightResult(Kind.DOUBTFUL, "", message);
  }

  static PreflightResult notReady(String message) {
    return new PreflightResult(Kind.NOT_READY, "", message);
  }

  static PreflightResult hopeless(Cause cause, String message) {
    return new PreflightResult(Kind.HOPELESS, cause.value(), message);
  }

  /** Whether runs may start. */
  boolean passed() {
    return kind == Kind.FINE || kind == Kind.DOUBTFUL;
  }
}
