package dev.caravan.cli;

/** Exit codes of the commands. */
public final class Exit {

  /** Success. */
  public static final int OK = 0;

  /** A run failed, or the service is down. */
  public static final int FAILED = 1;

  /** The config or usage was refused, or the command cannot start. */
  public static final int REFUSED = 2;

  /** A comparison is inconclusive, where that was asked to count. */
  public static final int INCONCLUSIVE = 4;

  /** Interrupted by the user (Ctrl-C). */
  public static final int INTERRUPTED = 130;

  private Exit() {}
}
