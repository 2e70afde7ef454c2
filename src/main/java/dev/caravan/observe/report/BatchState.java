package dev.caravan.observe.report;

import dev.caravan.model.Run;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * The state of an unfinished batch.
 *
 * @param name {@code running}, {@code waiting}, {@code parked}, {@code paused}, {@code cancelled},
 *     {@code unreadable} or {@code of another home}
 * @param message the reason for it; may be empty
 * @param runningSince since when a run of it is in flight
 * @param notBefore when the run that it waits for is executed again
 * @param hook the hook that runs for it, in words
 */
record BatchState(
    String name,
    String message,
    Optional<OffsetDateTime> runningSince,
    Optional<OffsetDateTime> notBefore,
    Optional<String> hook) {

  private static final String RUNNING = "running";
  private static final String WAITING = "waiting";

  static BatchState of(String name, String message) {
    return new BatchState(name, message, Optional.empty(), Optional.empty(), Optional.empty());
  }

  static BatchState running(String message, Optional<OffsetDateTime> since, Optional<String> hook) {
    return new BatchState(RUNNING, message, since, Optional.empty(), hook);
  }

  static BatchState waiting(String reason) {
    return of(WAITING, reason);
  }

  /** Another home executes it, and this one never does: it is a copy, or lost its id. */
  static BatchState ofAnotherHome(String id) {
    return of(
        "of another home",
        "id " + id + ": submit its config.yaml to run it here, or cancel it to remove this line");
  }

  /** It waits for this run of it to be executed again. */
  static BatchState backingOff(Run run, DaemonStatus.Retry retry) {
    OffsetDateTime at = OffsetDateTime.parse(retry.at());
    String reason =
        "run %s will be retried at %s (%s)"
            .formatted(
                run.title(), ClockTime.of(at, LocalDate.now()), retry.why().replace('_', ' '));
    return new BatchState(WAITING, reason, Optional.empty(), Optional.of(at), Optional.empty());
  }

  boolean isActive() {
    return isRunning() || name.equals(WAITING);
  }

  boolean isRunning() {
    return name.equals(RUNNING);
  }

  /** Whether it waits and nothing is known to hold it back. */
  boolean isUnexplained() {
    return name.equals(WAITING) && message.isEmpty();
  }

  /** The same, for this reason. */
  BatchState because(String reason) {
    return new BatchState(name, reason, runningSince, notBefore, hook);
  }

  /** The reason in words, for a reader who knows that the batch waits. */
  String sentence() {
    String said = isActive() ? "" : name + (message.startsWith("by ") ? " " : ": ");
    return said + message;
  }
}
