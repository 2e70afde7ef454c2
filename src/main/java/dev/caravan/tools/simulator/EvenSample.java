package dev.caravan.tools.simulator;

/**
 * Picks a fraction of a sequence, evenly spread and deterministic: of any n consecutive items it
 * picks {@code n * share}, plus or minus one, so that even short tests see the fraction.
 */
final class EvenSample {

  private final double share;
  private final double phase;
  private long count;

  /**
   * Starts a sequence.
   *
   * @param share 0 picks none, 1 picks all
   * @param phase where the sequence starts within its period, in [0, 1)
   */
  EvenSample(double share, double phase) {
    this.share = share;
    this.phase = phase;
  }

  /** Whether the next item is picked. */
  boolean next() {
    double before = Math.floor(count * share + phase);
    count++;
    return Math.floor(count * share + phase) > before;
  }
}
