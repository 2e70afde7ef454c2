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
 * Tells pages that something changed: an event came, or dispatch did something that is none. What
 * it was they read again. Threadsafe; costs nothing while nobody listens.
 */
public final class PageUpdates {

  private static final int KEPT = 1000;

  private final EventFeed feed;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<RunReport>> reports = new CopyOnWriteArrayList<>();
  private final Map<String, CompletableFuture<String>> accepted =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CompletableFuture<String>> eldest) {
          return size() > KEPT;
        }
      };

  /** News of a home with these events. */
  public PageUpdates(EventFeed feed) {
    this.feed = feed;
    feed.subscribe(event -> changed());
  }

  /** The events themselves. */
  public EventFeed events() {
    return feed;
  }

  /**
   * Has each change told; returns how to stop that. The listener must not wait for anything: who
   * tells may hold a lock of dispatch, or be the one that keeps events.
   */
  public Runnable listen(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Has each report on a run told. */
  void onReport(Consumer<RunReport> listener) {
    reports.add(listener);
  }

  /** Something changed. */
  public void changed() {
    listeners.forEach(Runnable::run);
  }

  /** A batch is worked on from now on. */
  void opened(Batch batch) {
    acceptance(batch.record().sourceFile()).complete(batch.id());
    changed();
  }

  /** A run was sent to be executed; the text of its order goes on as it is. */
  public String released(String json) {
    changed();
    return json;
  }

  /** An order was answered; the text of the report goes on as it is. */
  public String recorded(String json) {
    RunReport report = RunReport.of(json);
    reports.forEach(listener -> listener.accept(report));
    changed();
    return json;
  }

  /** The id of the batch that a file dropped under this name became, once it has. */
  synchronized CompletableFuture<String> acceptance(String name) {
    return accepted.computeIfAbsent(name, n -> new CompletableFuture<>());
  }
}
