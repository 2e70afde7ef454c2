package dev.caravan.tools.simulator;

import io.vertx.core.Vertx;
import java.util.SplittableRandom;

/**
 * What generations share: the slots, the timing, and how the service behaves. Used only on the
 * event loop.
 */
final class Engine {

  private final Vertx vertx;
  private final Slots slots;
  private final ResponseTiming timing;
  private final Behaviors behaviors;
  private final long originNanos;

  /** An engine; {@code originNanos} is when the first completion request came. */
  Engine(Vertx vertx, Slots slots, ResponseTiming timing, Behaviors behaviors, long originNanos) {
    this.vertx = vertx;
    this.slots = slots;
    this.timing = timing;
    this.behaviors = behaviors;
    this.originNanos = originNanos;
  }

  Vertx vertx() {
    return vertx;
  }

  Slots slots() {
    return slots;
  }

  /** When the first token of a request that has its slot since {@code now} is due. */
  long firstTokenAt(long now, Usage usage, SplittableRandom random) {
    long nanos = jittered(timing.ttft().toNanos(), random);
    return sendAt(now + behaviors.ttftNanos(usage, now - originNanos, nanos));
  }

  /** When the token after one that was due at {@code last} is due. */
  long nextTokenAt(long last, SplittableRandom random) {
    long nanos = jittered(timing.itlNanos(slots.load()), random);
    return sendAt(last + behaviors.itlNanos(last - originNanos, nanos));
  }

  private long sendAt(long due) {
    return originNanos + behaviors.sendAt(due - originNanos);
  }

  private long jittered(long nanos, SplittableRandom random) {
    return (long) (nanos * (1 + timing.jitter() * (2 * random.nextDouble() - 1)));
  }
}
