package dev.caravan.tools.simulator;

/** Sends nothing for a while; what is due meanwhile comes afterwards. */
final class Silence implements Behavior {

  private final long beginNanos;
  private final long endNanos;

  Silence(long beginNanos, long endNanos) {
    this.beginNanos = beginNanos;
    this.endNanos = endNanos;
  }

  @Override
  public long sendAt(long due) {
    return due >= beginNanos && due < endNanos ? endNanos : due;
  }
}
