package dev.caravan.tools.simulator;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Generates one response: waits for a slot, then writes token after token to the reply with the
 * configured timing. Used only on the event loop.
 *
 * <p>Timers have a resolution of 1 ms. The due time of each token follows from the due time of the
 * previous one, not from when that was sent, so errors do not accumulate.
 */
final class Generation {

  /** Half the timer resolution: a token due within this time is sent now. */
  private static final long TOLERANCE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  private final Engine engine;
  private final RequestStats stats;
  private final CompletionRequest request;
  private final Usage usage;
  private final TokenSink reply;
  private final SplittableRandom random;
  private final Runnable onSlot = this::begin;
  private final int firstWordIndex;
  private int generated;
  private long dueNanos;
  private long timer;
  private boolean done;

  Generation(
      Engine engine,
      RequestStats stats,
      CompletionRequest request,
      Usage usage,
      TokenSink reply,
      SplittableRandom random) {
    this.engine = engine;
    this.stats = stats;
    this.request = request;
    this.usage = usage;
    this.reply = reply;
    this.random = random;
    this.firstWordIndex = random.nextInt(Integer.MAX_VALUE / 2);
  }

  /** Queues for a slot. */
  void start() {
    engine.slots().acquire(onSlot);
  }

  /** Cancels the response because the client has disconnected; no effect once it is complete. */
  void cancel() {
    if (done) {
      return;
    }
    done = true;
    if (!engine.slots().cancel(onSlot)) {
      engine.vertx().cancelTimer(timer);
      engine.slots().release();
    }
  }

  private void begin() {
    dueNanos = engine.firstTokenAt(System.nanoTime(), usage, random);
    scheduleNext();
  }

  /** Always uses a timer, even when due now, so that fast responses do not recurse. */
  private void scheduleNext() {
    long millis = Math.round((dueNanos - System.nanoTime()) / 1e6);
    timer = engine.vertx().setTimer(Math.max(1, millis), id -> advance());
  }

  private void advance() {
    while (!done && !reply.isFull() && dueNanos - System.nanoTime() <= TOLERANCE_NANOS) {
      emit();
    }
    if (done) {
      return;
    }
    if (reply.isFull()) {
      reply.onDrain(this::advance);
    } else {
      scheduleNext();
    }
  }

  private void emit() {
    stats.countGeneratedToken();
    reply.token(ReplyText.word(firstWordIndex + generated));
    generated++;
    if (generated == request.outputTokens()) {
      finish();
    } else {
      dueNanos = engine.nextTokenAt(dueNanos, random);
    }
  }

  private void finish() {
    done = true;
    reply.end();
    stats.countFinished(request.finishReason());
    engine.slots().release();
  }
}
