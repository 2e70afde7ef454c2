package dev.caravan.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.caravan.storage.JsonTimes;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The control orders of a batch, given by users or by its own limits: the content of {@code
 * control.json}. An order takes effect once it is written; the remaining work follows from this
 * file and the results of the runs.
 *
 * @param schema version of this format
 * @param cancelledOrder the order that cancelled the batch; null if not cancelled
 * @param pausedOrder the order that paused the batch; null if not paused
 * @param cancelledRuns run index to the order that cancelled that run alone
 * @param rerunsAfter run index to the number of the attempt after which to execute it again
 * @param retries the latest orders to execute runs again
 * @param earlierRetries how many such orders there were before these
 */
public record Control(
    int schema,
    @JsonProperty("cancelled") Order cancelledOrder,
    @JsonProperty("paused") Order pausedOrder,
    Map<Integer, Order> cancelledRuns,
    @JsonProperty("again") Map<Integer, Integer> rerunsAfter,
    List<Order> retries,
    @JsonProperty("earlier_retries") @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        int earlierRetries) {

  /** No orders. */
  public static final Control NONE = new Control(1, null, null, Map.of(), Map.of(), List.of(), 0);

  /** How many retry orders to keep, to recognise a request that is delivered twice. */
  private static final int MAX_RETRIES = 100;

  public Control {
    cancelledRuns = sorted(cancelledRuns);
    rerunsAfter = sorted(rerunsAfter);
    retries = retries == null ? List.of() : retries.stream().filter(Objects::nonNull).toList();
  }

  /**
   * One order.
   *
   * @param at RFC 3339 with offset
   * @param by a user, or {@code caravan} itself
   * @param why the reason given; may be empty
   * @param request unique id of the request that carried it; null if there was none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Order(String at, String by, String why, String request) {

    @JsonCreator
    public Order {}

    /** An order given now. */
    public Order(String by, String why) {
      this(by, why, null);
    }

    /** An order given now by a request. */
    public Order(String by, String why, String request) {
      this(JsonTimes.text(OffsetDateTime.now()), by, why, request);
    }

    /** When it was given; the latest possible time if that cannot be read. */
    public OffsetDateTime time() {
      try {
        return OffsetDateTime.parse(String.valueOf(at));
      } catch (DateTimeParseException e) {
        return OffsetDateTime.MAX;
      }
    }

    /** Who gave the order and why, such as {@code by ann: wrong model}. */
    public String message() {
      return "by " + by + (why == null || why.isBlank() ? "" : ": " + why);
    }
  }

  /**
   * Which end of the batch comes next, or was the last: it ends once more after each retry order.
   */
  public int completion() {
    return 1 + earlierRetries + retries.size();
  }

  /** The order that cancelled the batch. */
  public Optional<Order> cancelled() {
    return Optional.ofNullable(cancelledOrder);
  }

  /** The order that cancelled all of the batch: no run was retried after it. */
  public Optional<Order> cancellationOfAll() {
    return rerunsAfter.isEmpty() ? cancelled() : Optional.empty();
  }

  /** The order that paused the batch. */
  public Optional<Order> paused() {
    return Optional.ofNullable(pausedOrder);
  }

  /** The order that cancels a run: its own, or the batch's unless the run was retried after it. */
  public Optional<Order> cancellationOf(int index) {
    return Optional.ofNullable(cancelledRuns.get(index))
        .or(() -> rerunsAfter.containsKey(index) ? Optional.empty() : cancelled());
  }

  /** Number of the attempt after which the latest retry was ordered; 0 if there was none. */
  public int rerunAfter(int index) {
    return rerunsAfter.getOrDefault(index, 0);
  }

  /** Whether the retry that this request carries was recorded before. */
  public boolean hasRetry(String request) {
    return retries.stream().anyMatch(order -> request.equals(order.request()));
  }

  /** Adds the cancellation of the batch; an earlier one stays unless runs were retried since. */
  public Control withCancellation(Order order) {
    return new Control(
        schema,
        cancellationOfAll().orElse(order),
        pausedOrder,
        cancelledRuns,
        Map.of(),
        retries,
        earlierRetries);
  }

  /** Adds the cancellation of these runs. */
  public Control withCancelledRuns(Collection<Integer> indexes, Order order) {
    Map<Integer, Order> runs = new TreeMap<>(cancelledRuns);
    Map<Integer, Integer> remaining = new TreeMap<>(rerunsAfter);
    indexes.forEach(index -> runs.putIfAbsent(index, order));
    indexes.forEach(remaining::remove);
    return new Control(
        schema, cancelledOrder, pausedOrder, runs, remaining, retries, earlierRetries);
  }

  /** Sets or clears the pause. */
  public Control withPause(Optional<Order> order) {
    return new Control(
        schema,
        cancelledOrder,
        order.orElse(null),
        cancelledRuns,
        rerunsAfter,
        retries,
        earlierRetries);
  }

  /**
   * Adds a retry of runs that have ended or were cancelled.
   *
   * @param after run index to the number of its latest attempt; 0 if it has none
   */
  public Control withReruns(Map<Integer, Integer> after, Order order) {
    Map<Integer, Integer> all = new TreeMap<>(rerunsAfter);
    all.putAll(after);
    Map<Integer, Order> runs = new TreeMap<>(cancelledRuns);
    after.keySet().forEach(runs::remove);
    List<Order> orders = new ArrayList<>(retries);
    orders.add(order);
    int surplus = Math.max(0, orders.size() - MAX_RETRIES);
    return new Control(
        schema,
        cancelledOrder,
        pausedOrder,
        runs,
        all,
        orders.subList(surplus, orders.size()),
        earlierRetries + surplus);
  }

  private static <T> Map<Integer, T> sorted(Map<Integer, T> map) {
    Map<Integer, T> sorted = new TreeMap<>(map == null ? Map.of() : map);
    sorted.values().removeIf(Objects::isNull);
    return Collections.unmodifiableMap(sorted);
  }
}
