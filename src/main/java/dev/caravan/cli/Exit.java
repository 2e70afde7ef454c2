package dev.caravan.cli;

/** Exit codes of the commands. */
public final class Exit {

  /** All is well. */
  public static final int OK = 0;

  /** A run failed, or the target is down. */
  public static final int FAILED = 1;

  /** A config or the usage was refused, or the command cannot start. */
  public static final int REFUSED = 2;

  /** Interrupted by a person. */
  public static final int INTERRUPTED = 130;

  private Exit() {}
}
