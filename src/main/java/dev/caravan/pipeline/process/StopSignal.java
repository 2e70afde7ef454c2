package dev.caravan.pipeline.process;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** An order to end the process that is running, given at most once, from any thread. */
public final class StopSignal {

  private final CompletableFuture<String> order = new CompletableFuture<>();

  /** Orders the stop; {@code message} say who and why. */
  public void stop(String message) {
    order.complete(message);
  }

  /** The order's words once it was given. */
  public Optional<String> message() {
    return Optional.ofNullable(order.getNow(null));
  }

  /** Runs {@code action} when the order is given, at once when it already was. */
  public void whenStopped(Runnable action) {
    order.thenRun(action);
  }
}
