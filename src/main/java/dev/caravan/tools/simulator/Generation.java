package dev.caravan.tools.simulator;

import io.vertx.core.Vertx;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * One answer in the making: waits for a place, then gives its reply token after token at the set
 * pace. Used on the event loop only.
 *
 * <p>Timers resolve one millisecond. Each token has a due time that follows from the one before it,
 * not from when that was sent, so neither rounding nor a late timer adds up.
 */
final class Generation {

  /** Half the resolution of the timers: what is due that soon is due now. */
  private static final long SOON = TimeUnit.MICROSECONDS.toNanos(500);

  private final Vertx vertx;
  private final Slots slots;
  private final ResponseTiming pace;
  private final RequestStats tally;
  private final CompletionRequest request;
  private final TokenSink reply;
  private final SplittableRandom random;
  private final Runnable served = this::begin;
  private final int firstWord;
  private int made;
  private long due;
  private long timer;
  private boolean over;

  Generation(
      Vertx vertx,
      Slots slots,
      ResponseTiming pace,
      RequestStats tally,
      CompletionRequest request,
      TokenSink reply,
      SplittableRandom random) {
    this.vertx = vertx;
    this.slots = slots;
    this.pace = pace;
    this.tally = tally;
    this.request = request;
    this.reply = reply;
    this.random = random;
    this.firstWord = random.nextInt(Integer.MAX_VALUE / 2);
  }

  /** Gets in line. */
  void start() {
    slots.enter(served);
  }

  /** Stops, since nobody wants the answer any more; does nothing once it is complete. */
  void abandon() {
    if (over) {
      return;
    }
    over = true;
    if (!slots.giveUp(served)) {
      vertx.cancelTimer(timer);
      slots.leave();
    }
  }

  private void begin() {
    due = System.nanoTime() + jittered(pace.ttft().toNanos());
    waitUntilDue();
  }

  /** Always by a timer, even when due now: a long line of quick answers must not nest. */
  private void waitUntilDue() {
    long millis = Math.round((due - System.nanoTime()) / 1e6);
    timer = vertx.setTimer(Math.max(1, millis), id -> advance());
  }

  private void advance() {
    while (!over && !reply.isFull() && due - System.nanoTime() <= SOON) {
      emit();
    }
    if (over) {
      return;
    }
    if (reply.isFull()) {
      reply.whenRoom(this::advance);
    } else {
      waitUntilDue();
    }
  }

  private void emit() {
    tally.generated();
    reply.token(ReplyText.at(firstWord + made));
    made++;
    if (made == request.outputTokens()) {
      finish();
    } else {
      due += jittered(pace.itlNanos(slots.load()));
    }
  }

  private void finish() {
    over = true;
    reply.end();
    tally.finished(request.finishReason());
    slots.leave();
  }

  private long jittered(long nanos) {
    return (long) (nanos * (1 + pace.jitter() * (2 * random.nextDouble() - 1)));
  }
}
