package dev.caravan.observe.http;

import dev.caravan.model.Batch;
import dev.caravan.observe.events.EventFeed;
import dev.caravan.pipeline.run.RunReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Notifies open pages that something changed: an event was published, or dispatch did something for
 * which there is no event. Pages then read everything again. Thread-safe.
 */
public final class PageUpdates {

  private static final int MAX_ACCEPTED = 1000;

  private final EventFeed feed;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<RunReport>> reports = new CopyOnWriteArrayList<>();
  private final Map<String, CompletableFuture<String>> accepted =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CompletableFuture<String>> eldest) {
          return size() > MAX_ACCEPTED;
        }
      };

  /** Notifies on every event of this feed, and when its methods are called. */
  public PageUpdates(EventFeed feed) {
    this.feed = feed;
    feed.subscribe(event -> changed());
  }

  /** The feed of events. */
  public EventFeed events() {
    return feed;
  }

  /**
   * Adds a listener for changes; the returned action removes it. The listener must not block: the
   * calling thread may hold a lock of dispatch or write the event log.
   */
  public Runnable listen(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Adds a listener for run reports. */
  void onReport(Consumer<RunReport> listener) {
    reports.add(listener);
  }

  /** Notifies all listeners of a change. */
  public void changed() {
    listeners.forEach(Runnable::run);
  }

  /** Reports that a batch was accepted. */
  void opened(Batch batch) {
    acceptance(batch.record().sourceFile()).complete(batch.id());
    changed();
  }

  /** Reports that a run order was sent; returns the order's JSON unchanged, for the route. */
  public String released(String json) {
    changed();
    return json;
  }

  /** Reports that a run report was recorded; returns its JSON unchanged, for the route. */
  public String recorded(String json) {
    RunReport report = RunReport.of(json);
    reports.forEach(listener -> listener.accept(report));
    changed();
    return json;
  }

  /** Completes with the batch's id once the config file of this name is accepted. */
  synchronized CompletableFuture<String> acceptance(String name) {
    return accepted.computeIfAbsent(name, n -> new CompletableFuture<>());
  }
}
