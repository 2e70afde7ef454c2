package dev.caravan.config.text;

/** A count with its noun, such as "1 run" or "2 runs". */
public final class Plural {

  private Plural() {}

  /** Such as {@code 3 runs}. */
  public static String runs(int count) {
    return of(count, "run");
  }

  /** Such as {@code 3 runs}, or {@code at most 3 runs} of a search. */
  public static String runs(int count, boolean isMost) {
    return atMost(isMost) + runs(count);
  }

  /** Stands before a number that may be too high. */
  public static String atMost(boolean isMost) {
    return isMost ? "at most " : "";
  }

  /** Such as {@code 3 batches}. */
  public static String batches(int count) {
    return count + (count == 1 ? " batch" : " batches");
  }

  /** A count with a noun whose plural has an s. */
  public static String of(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
