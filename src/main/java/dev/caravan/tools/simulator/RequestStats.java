package dev.caravan.tools.simulator;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Request counters, updated on the event loop and readable from any thread. */
final class RequestStats {

  private final LongAdder requests = new LongAdder();
  private final LongAdder completions = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder promptTokens = new LongAdder();
  private final LongAdder generatedTokens = new LongAdder();
  private final LongAdder cacheQueries = new LongAdder();
  private final LongAdder cacheHits = new LongAdder();
  private final Map<Integer, LongAdder> byStatus = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> byFinish = new ConcurrentHashMap<>();

  void countRequest() {
    requests.increment();
  }

  void countCompletion() {
    completions.increment();
  }

  void countResponse(int status) {
    byStatus.computeIfAbsent(status, s -> new LongAdder()).increment();
  }

  void countDropped() {
    dropped.increment();
  }

  void countPrompt(Usage usage) {
    promptTokens.add(usage.prompt());
    usage
        .cached()
        .ifPresent(
            hits -> {
              cacheQueries.add(usage.prompt());
              cacheHits.add(hits);
            });
  }

  /** Prompt tokens looked up in the prefix cache; 0 without one. */
  long cacheQueries() {
    return cacheQueries.sum();
  }

  /** Prompt tokens found in the prefix cache. */
  long cacheHits() {
    return cacheHits.sum();
  }

  void countGeneratedToken() {
    generatedTokens.increment();
  }

  void countFinished(String reason) {
    byFinish.computeIfAbsent(reason, r -> new LongAdder()).increment();
  }

  /** Number of completed responses with this finish reason. */
  long finishedFor(String reason) {
    LongAdder count = byFinish.get(reason);
    return count == null ? 0 : count.sum();
  }

  RequestCounts counts(Slots slots) {
    TreeMap<Integer, Long> statuses = new TreeMap<>();
    byStatus.forEach((status, count) -> statuses.put(status, count.sum()));
    return new RequestCounts(
        requests.sum(),
        completions.sum(),
        Collections.unmodifiableSortedMap(statuses),
        dropped.sum(),
        slots.running(),
        slots.waiting(),
        promptTokens.sum(),
        generatedTokens.sum());
  }
}
