package dev.caravan.observe.http;

import dev.caravan.model.Batch;
import dev.caravan.observe.events.EventFeed;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListener;
import dev.caravan.pipeline.run.RunReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Notifies open pages of every change of the pipeline. Pages then read everything again.
 * Thread-safe.
 */
public final class PageUpdates implements PipelineListener {

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

  /** Notifies of every change of the pipeline. */
  public PageUpdates(EventFeed feed) {
    this.feed = feed;
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

  @Override
  public void changed(PipelineChange change) {
    if (change instanceof PipelineChange.Opened opened) {
      Batch batch = opened.batch();
      acceptance(batch.record().sourceFile()).complete(batch.id());
    } else if (change instanceof PipelineChange.Reported reported) {
      reports.forEach(listener -> listener.accept(reported.report()));
    }
    listeners.forEach(Runnable::run);
  }

  /** Completes with the batch's id once the config file of this name is accepted. */
  synchronized CompletableFuture<String> acceptance(String name) {
    return accepted.computeIfAbsent(name, n -> new CompletableFuture<>());
  }
}
