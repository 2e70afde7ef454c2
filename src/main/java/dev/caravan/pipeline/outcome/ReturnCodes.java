package dev.caravan.pipeline.outcome;

import dev.caravan.pipeline.process.ProcessExit;
import java.util.OptionalInt;

/**
 * The return code of an attempt. AIPerf exits 0 after SIGINT, and readers take 0 for success; so
 * the code of a run that Caravan ended is the signal that ended it.
 *
 * @param recorded as Python reports it: the exit code, or −n for signal n; empty when aiperf never
 *     ran
 * @param executed what the process itself returned
 */
public record ReturnCodes(OptionalInt recorded, OptionalInt executed) {

  /** Of an attempt in which aiperf never ran, or whose end nobody saw. */
  public static final ReturnCodes NONE = new ReturnCodes(OptionalInt.empty(), OptionalInt.empty());

  private static final int SIGINT = 2;

  /** The return codes of a process. */
  public static ReturnCodes of(ProcessExit exit) {
    if (!exit.ran()) {
      return NONE;
    }
    int executed = exit.returnCode();
    boolean endedByCaravan = exit.how() != ProcessExit.How.EXITED;
    // One that outlives the SIGINT gets a SIGKILL, which it cannot hide.
    int recorded = endedByCaravan && executed >= 0 ? -SIGINT : executed;
    return new ReturnCodes(OptionalInt.of(recorded), OptionalInt.of(executed));
  }
}
