package dev.caravan.cli;

import dev.caravan.analysis.Verdict;
import java.util.List;

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

  /** Interrupted by the user or the system, such as by Ctrl-C. */
  public static final int INTERRUPTED = 130;

  /** What is worse comes later: what noise leaves open is no failure. */
  private static final List<Integer> BY_SEVERITY =
      List.of(OK, INCONCLUSIVE, FAILED, REFUSED, INTERRUPTED);

  private Exit() {}

  /** The worse of two of these codes. */
  static int worse(int one, int other) {
    return BY_SEVERITY.indexOf(one) < BY_SEVERITY.indexOf(other) ? other : one;
  }

  /** The code for the verdict of a comparison. */
  public static int of(Verdict verdict, boolean failsOnInconclusive) {
    return switch (verdict) {
      case FAIL -> FAILED;
      case REFUSED -> REFUSED;
      case INCONCLUSIVE -> failsOnInconclusive ? INCONCLUSIVE : OK;
      case PASS, NONE -> OK;
    };
  }
}
