package dev.caravan.pipeline.process;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A request to end the running process, sent at most once, from any thread. */
public final class StopSignal {

  private final CompletableFuture<String> request = new CompletableFuture<>();

  /** Requests the stop; {@code message} says who stopped it and why. Later calls do nothing. */
  public void stop(String message) {
    request.complete(message);
  }

  /** The message of the request, once there is one. */
  public Optional<String> message() {
    return Optional.ofNullable(request.getNow(null));
  }

  /** Runs {@code action} when the stop is requested, immediately if it already was. */
  public void whenStopped(Runnable action) {
    request.thenRun(action);
  }
}
