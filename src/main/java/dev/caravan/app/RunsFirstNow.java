package dev.caravan.app;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A supplier whose first result is computed in the background from now on. Not thread-safe. */
final class RunsFirstNow<T> implements Supplier<T> {

  private final Supplier<T> supplier;
  private Optional<CompletableFuture<T>> first;

  RunsFirstNow(Supplier<T> supplier) {
    this.supplier = supplier;
    this.first = Optional.of(CompletableFuture.supplyAsync(supplier));
  }

  @Override
  public T get() {
    Optional<CompletableFuture<T>> begun = first;
    first = Optional.empty();
    return begun.map(CompletableFuture::join).orElseGet(supplier);
  }
}
