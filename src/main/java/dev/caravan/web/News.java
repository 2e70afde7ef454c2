package dev.caravan.web;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Json;
import dev.caravan.run.RunOrder;
import dev.caravan.run.RunReport;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * What happens, told at once to whoever listens; the newest are kept for those who come back.
 * Threadsafe. Telling costs nothing but memory while nobody listens.
 */
public final class News {

  private static final int KEPT = 1000;

  /**
   * One thing that happened.
   *
   * @param id grows; only this life's are known
   * @param type such as {@code run_ended}
   * @param data JSON on one line
   */
  public record Item(String id, String type, String data) {}

  private final String life = Long.toHexString(System.currentTimeMillis());
  private final Deque<Item> kept = new ArrayDeque<>();
  private final List<Consumer<Item>> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<RunReport>> reports = new CopyOnWriteArrayList<>();
  private final Map<String, CompletableFuture<String>> accepted =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CompletableFuture<String>> eldest) {
          return size() > KEPT;
        }
      };
  private long count;

  /** Has each new item told; returns how to stop that. */
  public Runnable listen(Consumer<Item> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Has each report on a run told. */
  void onReport(Consumer<RunReport> listener) {
    reports.add(listener);
  }

  /** Who listens now. */
  public int listeners() {
    return listeners.size();
  }

  /** What came after this id; empty when that is not known any more, so that all must be read. */
  public synchronized Optional<List<Item>> after(String id) {
    List<Item> later = new ArrayList<>();
    boolean found = id.equals(life + "-" + (count - kept.size()));
    for (Item item : kept) {
      if (found) {
        later.add(item);
      }
      found |= item.id().equals(id);
    }
    return found ? Optional.of(later) : Optional.empty();
  }

  /** The id of the newest item. */
  public synchronized String newest() {
    return life + "-" + count;
  }

  /** Tells that something happened; an id of a batch or run goes with it. */
  public void tell(String type, Map<String, Object> content) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("type", type);
    data.put("time", OffsetDateTime.now().truncatedTo(ChronoUnit.MILLIS).toString());
    data.putAll(content);
    Item item;
    synchronized (this) {
      item = new Item(life + "-" + ++count, type, Json.text(data).replaceAll("\\s*\n\\s*", " "));
      kept.addLast(item);
      if (kept.size() > KEPT) {
        kept.removeFirst();
      }
    }
    listeners.forEach(listener -> listener.accept(item));
  }

  /** A batch is worked on from now on. */
  public void opened(Batch batch) {
    acceptance(batch.record().sourceFile()).complete(batch.id());
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("batch", batch.id());
    content.put("runs", batch.size());
    tell("batch_opened", content);
  }

  /** A run was sent to be executed; the text of its order goes on as it is. */
  public String released(String json) {
    RunOrder order = RunOrder.of(json);
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("run", order.runId());
    content.put("run_index", order.runIndex());
    tell("run_released", content);
    return json;
  }

  /** An order was answered; the text of the report goes on as it is. */
  public String recorded(String json) {
    RunReport report = RunReport.of(json);
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("run", report.runId());
    content.put("run_index", report.runIndex());
    content.put("outcome", report.outcome());
    content.put("cause", report.cause());
    content.put("words", report.words());
    reports.forEach(listener -> listener.accept(report));
    tell("run_" + report.kind().name().toLowerCase(Locale.ROOT), content);
    return json;
  }

  /** The id of the batch that a file dropped under this name became, once it has. */
  synchronized CompletableFuture<String> acceptance(String name) {
    return accepted.computeIfAbsent(name, n -> new CompletableFuture<>());
  }
}
