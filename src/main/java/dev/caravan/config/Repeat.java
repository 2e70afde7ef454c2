package dev.caravan.config;

/**
 * How often every point is run.
 *
 * @param times at least 1
 * @param order whether repeats of a point are spread over the batch or follow each other
 */
public record Repeat(int times, Order order) {

  /** A config without {@code repeat}. */
  public static final Repeat ONCE = new Repeat(1, Order.ROUNDS);

  /** The order of repeats. */
  public enum Order {
    /**
     * All points once, then all of them again, every second time backwards: drift of the service
     * hits all points and variants alike.
     */
    ROUNDS,
    /** All repeats of a point, then those of the next. */
    BLOCKS
  }

  /** Whether there is more than one run a point. */
  public boolean isRepeated() {
    return times > 1;
  }
}
