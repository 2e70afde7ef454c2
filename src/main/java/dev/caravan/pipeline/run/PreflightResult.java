package dev.caravan.pipeline.run;

import dev.caravan.model.Cause;

/**
 * The result of a preflight check.
 *
 * @param kind whether runs may start
 * @param cause the cause of runs that fail because of it; empty unless the check failed
 * @param message the problem; empty when the check passed
 * @param ofLength whether it also depends on what only some runs of a batch request, such as the
 *     length of the output
 */
record PreflightResult(Kind kind, String cause, String message, boolean ofLength) {

  /** Whether runs may start. */
  enum Kind {
    /** Runs may start. */
    PASSED,
    /** Runs may start, but the check proved nothing; its message is logged. */
    WARNING,

    /** A temporary problem: the check is repeated later. */
    NOT_READY,
    /** Every run would fail. */
    FAILED
  }

  static final PreflightResult PASSED = new PreflightResult(Kind.PASSED, "", "", false);

  static PreflightResult warning(String message) {
    return new PreflightResult(Kind.WARNING, "", message, false);
  }

  static PreflightResult notReady(String message) {
    return new PreflightResult(Kind.NOT_READY, "", message, false);
  }

  static PreflightResult failed(Cause cause, String message) {
    return new PreflightResult(Kind.FAILED, cause.value(), message, false);
  }

  /** The same result of a request with the length and extra inputs of a run. */
  PreflightResult withLength() {
    return new PreflightResult(kind, cause, message, true);
  }

  /** Whether runs may start. */
  boolean mayStart() {
    return kind == Kind.PASSED || kind == Kind.WARNING;
  }
}
