package dev.caravan.cli;

/** Counts in words. */
final class Plural {

  private Plural() {}

  static String runs(int count) {
    return count == 1 ? "1 run" : count + " runs";
  }
}
