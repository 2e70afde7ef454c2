package dev.caravan.analysis;

import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Searches for the highest load that keeps a bound: doubles the load until one misses it, halves
 * the distance between the highest that keeps it and the lowest that misses it, and asks again
 * where the answer is near. What is next follows from what was measured, in whatever order that
 * was, and from nothing else.
 */
public final class LoadSearch {

  /** Runs at one load at most. */
  public static final int MOST_RUNS_OF_LOAD = 5;

  /** Of these, on the way to the two loads that are next to each other. */
  private static final int MOST_ON_THE_WAY = 3;

  /** The two loads of the answer are measured at least this often. */
  private static final int LEAST_OF_ANSWER = 2;

  /** Runs that only ask again, at most. */
  private static final int MOST_AGAIN = 20;

  private final double[] loads;
  private final int most;

  /** A search among these loads, which ascend. */
  public LoadSearch(double... loads) {
    this.loads = loads.clone();
    this.most = countMost();
  }

  /** What to do next. */
  public sealed interface Step {}

  /** Run at a load. */
  public record Ask(int load) implements Step {}

  /**
   * The answer.
   *
   * @param kept the highest load that keeps the bound; empty when none does
   * @param missed the lowest load that misses it; empty when none does
   * @param why why no more is asked
   */
  public record Found(OptionalInt kept, OptionalInt missed, Why why) implements Step {}

  /** Why a search ends. */
  public enum Why {
    /** No load lies between the two. */
    PRECISION,
    /** The highest load keeps the bound. */
    ALL_HOLD,
    /** The lowest load misses the bound. */
    NONE_HOLDS,
    /** A load misses the bound, and a higher one keeps it. */
    NOT_MONOTONE,
    /** It took as many runs as it may. */
    LIMIT
  }

  /** The most runs that it can take. */
  public int most() {
    return most;
  }

  private int countMost() {
    int doublings = 1;
    int widest = 1;
    for (int at = 0; at < loads.length - 1; ) {
      int next = doubled(at);
      doublings++;
      widest = Math.max(widest, next - at);
      at = next;
    }
    return doublings + Integer.SIZE - Integer.numberOfLeadingZeros(widest) + MOST_AGAIN;
  }

  /**
   * What to do after these measurements.
   *
   * @param spent number of runs so far, also of those that measured nothing
   */
  public Step next(LoadMeasurements seen, int spent) {
    Step step = next(seen);
    return step instanceof Ask && spent >= most ? found(seen, Why.LIMIT) : step;
  }

  private Step next(LoadMeasurements seen) {
    if (seen.isEmpty()) {
      return new Ask(0);
    }
    OptionalInt contradicted = seen.contradiction();
    if (contradicted.isPresent()) {
      OptionalInt below = seen.keptBelow(contradicted.getAsInt());
      return new Found(below, contradicted, Why.NOT_MONOTONE);
    }
    OptionalInt low = seen.highestKept();
    OptionalInt high = seen.lowestMissed();
    if (low.isEmpty()) {
      return seen.runs(0) > 0 && isSettled(seen, 0) ? found(seen, Why.NONE_HOLDS) : new Ask(0);
    }
    if (high.isEmpty()) {
      return upwards(seen, low.getAsInt());
    }
    return between(seen, low.getAsInt(), high.getAsInt());
  }

  private Step upwards(LoadMeasurements seen, int low) {
    if (low == loads.length - 1) {
      return isSettled(seen, low) ? found(seen, Why.ALL_HOLD) : new Ask(low);
    }
    return new Ask(isToAskAgain(seen, low) ? low : doubled(low));
  }

  private Step between(LoadMeasurements seen, int low, int high) {
    if (high - low > 1) {
      return new Ask(
          isToAskAgain(seen, low) ? low : isToAskAgain(seen, high) ? high : low + (high - low) / 2);
    }
    boolean isLowNext = !isSettled(seen, low);
    boolean isHighNext = !isSettled(seen, high);
    if (!isLowNext && !isHighNext) {
      return found(seen, Why.PRECISION);
    }
    return new Ask(isLowNext && (!isHighNext || seen.runs(low) < seen.runs(high)) ? low : high);
  }

  private static boolean isToAskAgain(LoadMeasurements seen, int load) {
    return seen.runs(load) < MOST_ON_THE_WAY && !seen.isClear(load);
  }

  private static boolean isSettled(LoadMeasurements seen, int load) {
    int runs = seen.runs(load);
    return runs >= MOST_RUNS_OF_LOAD || runs >= LEAST_OF_ANSWER && seen.isClear(load);
  }

  private static Found found(LoadMeasurements seen, Why why) {
    return new Found(seen.highestKept(), seen.lowestMissed(), why);
  }

  /** The highest load of at most twice this one, or the next. */
  private int doubled(int load) {
    return IntStream.range(load + 1, loads.length)
        .filter(at -> loads[at] <= 2 * loads[load])
        .max()
        .orElse(load + 1);
  }
}
