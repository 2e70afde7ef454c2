package dev.caravan.cli;

/** A count with its noun, such as "1 run" or "2 runs". */
final class Plural {

  private Plural() {}

  static String runs(int count) {
    return of(count, "run");
  }

  static String batches(int count) {
    return count + (count == 1 ? " batch" : " batches");
  }

  static String of(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
