package dev.caravan.pipeline.process;

import java.time.Duration;
import java.time.OffsetDateTime;

/**
 * How a process ended. By then its whole process tree is gone.
 *
 * @param how why it ended
 * @param returnCode as in Python: the exit code, or −n if killed by signal n; meaningless if the
 *     process never ran. Java reports "killed by signal n" and "exit code 128 + n" as the same
 *     number; we take it as a signal because nothing we start exits with such a code by itself
 * @param message for {@code NOT_STARTED} the reason, for {@code STOPPED} the reason given with the
 *     stop signal, for {@code TIMED_OUT} the watchdog's message if there is one; otherwise empty
 * @param startedAt wall-clock time
 * @param endedAt wall-clock time
 * @param duration measured with the monotonic clock; zero if the process never ran
 */
public record ProcessExit(
    How how,
    int returnCode,
    String message,
    OffsetDateTime startedAt,
    OffsetDateTime endedAt,
    Duration duration) {

  private static final int SIGNAL_BASE = 128;
  private static final int LAST_SIGNAL = 64;

  /** Why a process ended. */
  public enum How {
    /** It exited by itself, or by a signal that we did not send. */
    EXITED,
    /** It exceeded its limit and its tree was killed. */
    TIMED_OUT,
    /** A stop was requested: the tree was killed, or the process never started. */
    STOPPED,
    /** It could not be started. */
    NOT_STARTED
  }

  /** Whether the process ran, so that the return code is meaningful. */
  public boolean ran() {
    return how != How.NOT_STARTED && !duration.isZero();
  }

  /** An exit without a process: it could not start, or was stopped before it did. */
  public static ProcessExit withoutProcess(How how, String message) {
    OffsetDateTime now = OffsetDateTime.now();
    return new ProcessExit(how, 0, message, now, now, Duration.ZERO);
  }

  /** Converts Java's exit value to a Python return code, as described for {@code returnCode}. */
  static int pythonReturnCode(int exitValue) {
    boolean signal = exitValue > SIGNAL_BASE && exitValue <= SIGNAL_BASE + LAST_SIGNAL;
    return signal ? SIGNAL_BASE - exitValue : exitValue;
  }
}
