package dev.caravan.tools.simulator;

/**
 * Picks a share of a sequence, spread evenly and the same way for the same seed: of any n in a row
 * it picks {@code n * share}, give or take one, so that short tests see the share too.
 */
final class EvenSample {

  private final double share;
  private final double phase;
  private long seen;

  /**
   * Starts a sequence.
   *
   * @param share 0 picks none, 1 picks all
   * @param phase from 0 to below 1: where in its period the sequence starts
   */
  EvenSample(double share, double phase) {
    this.share = share;
    this.phase = phase;
  }

  /** Whether the next one of the sequence is picked. */
  boolean next() {
    double before = Math.floor(seen * share + phase);
    seen++;
    return Math.floor(seen * share + phase) > before;
  }
}
