package dev.caravan.pipeline.run;

import dev.caravan.model.Cause;

/**
 * The result of a preflight check.
 *
 * @param kind whether runs may start
 * @param cause the cause of runs that fail because of it; empty unless the check failed
 * @param message the problem; empty when the check passed
 */
record PreflightResult(Kind kind, String cause, String message) {

  /** Whether runs may start. */
  enum Kind {
    /** Runs may start. */
    PASSED,
    /** Runs may start, but the check proved nothing; its message is logged. */
    WARNING,
    /** Runs may start: the target refused the check with 4xx, but perhaps not what runs request. */
    REFUSED,
    /** A temporary problem: the check is repeated later. */
    NOT_READY,
    /** Every run would fail. */
    FAILED
  }

  static final PreflightResult PASSED = new PreflightResult(Kind.PASSED, "", "");

  static PreflightResult warning(String message) {
    return new PreflightResult(Kind.WARNING, "", message);
  }

  static PreflightResult refused(String message) {
    return new PreflightResult(Kind.REFUSED, "", message);
  }

  static PreflightResult notReady(String message) {
    return new PreflightResult(Kind.NOT_READY, "", message);
  }

  static PreflightResult failed(Cause cause, String message) {
    return new PreflightResult(Kind.FAILED, cause.value(), message);
  }

  /** Whether runs may start. */
  boolean mayStart() {
    return kind == Kind.PASSED || kind == Kind.WARNING || kind == Kind.REFUSED;
  }
}
