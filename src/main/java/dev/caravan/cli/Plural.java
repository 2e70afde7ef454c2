package dev.caravan.cli;

/** Counts in words. */
final class Plural {

  private Plural() {}

  static String runs(int count) {
    return of(count, "run");
  }

  static String of(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
