package dev.caravan.pipeline.process;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** An order to end the process that is running, given at most once, from any thread. */
public final class StopSignal {

  private final CompletableFuture<String> order = new CompletableFuture<>();

  /** Orders the stop; {@code words} say who and why. */
  public void stop(String words) {
    order.complete(words);
  }

  /** The order's words once it was given. */
  public Optional<String> words() {
    return Optional.ofNullable(order.getNow(null));
  }

  /** Runs {@code action} when the order is given, at once when it already was. */
  public void whenStopped(Runnable action) {
    order.thenRun(action);
  }
}
