package dev.caravan.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The attempts that are running in this process, so that they can be stopped and waited for. */
final class Underway {

  private final Map<String, Attempt> attempts = new HashMap<>();
  private Optional<String> stopping = Optional.empty();

  /** Notes an attempt that is about to run; it ends at once when a stop was ordered already. */
  synchronized void add(Attempt attempt) {
    attempts.put(attempt.task().run().id(), attempt);
    stopping.ifPresent(attempt.stop()::stop);
  }

  synchronized void remove(Attempt attempt) {
    forget(attempt.task().run().id());
  }

  synchronized void forget(String runId) {
    attempts.remove(runId);
    notifyAll();
  }

  /** Why nothing is to be started any more; empty while all goes on. */
  synchronized Optional<String> stopping() {
    return stopping;
  }

  /** Ends all attempts and lets no other start. */
  void stop(String words) {
    List<Attempt> running;
    synchronized (this) {
      stopping = Optional.of(words);
      running = List.copyOf(attempts.values());
    }
    running.forEach(attempt -> attempt.stop().stop(words));
  }

  /** Waits until no attempt is running. */
  synchronized void awaitNone() throws InterruptedException {
    while (!attempts.isEmpty()) {
      wait();
    }
  }
}
