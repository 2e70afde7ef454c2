package dev.caravan.pipeline.process;

import java.time.Duration;
import java.time.OffsetDateTime;

/**
 * How a process ended. Its whole tree is gone by then.
 *
 * @param how why it ended
 * @param returnCode as Python gives it: the exit code, or −n when killed by signal n; meaningless
 *     when it never ran. Java reports "killed by signal n" and "exit code 128 + n" as one number;
 *     it is taken for the signal, since nothing that we start exits with such a code by itself
 * @param message for {@code NOT_STARTED} why not, for {@code STOPPED} on whose order, for {@code
 *     TIMED_OUT} what the launch's watch said, if it has one; else empty
 * @param startedAt wall clock
 * @param endedAt wall clock
 * @param duration by the monotonic clock; zero when it never ran
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
    /** It came to its end by itself, or by a signal that was not ours. */
    EXITED,
    /** Its limit passed and the tree was ended. */
    TIMED_OUT,
    /** An order to stop came and the tree was ended; or it came before the start. */
    STOPPED,
    /** It could not be started at all. */
    NOT_STARTED
  }

  /** Whether there ever was a process, so that the return code means something. */
  public boolean ran() {
    return how != How.NOT_STARTED && !duration.isZero();
  }

  /** An end without a process: it could not be started, or was stopped before. */
  public static ProcessExit withoutProcess(How how, String message) {
    OffsetDateTime now = OffsetDateTime.now();
    return new ProcessExit(how, 0, message, now, now, Duration.ZERO);
  }

  /** Python's return code for Java's exit value, by the rule above. */
  static int pythonReturnCode(int exitValue) {
    boolean signal = exitValue > SIGNAL_BASE && exitValue <= SIGNAL_BASE + LAST_SIGNAL;
    return signal ? SIGNAL_BASE - exitValue : exitValue;
  }
}
