package dev.caravan.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What people, or the batch's own limits, ordered of a batch; the content of {@code control.json}.
 * Once it is written the orders hold: what is left to do follows from it and the runs' results.
 *
 * @param schema version of this shape
 * @param cancelledOrder null unless it was cancelled
 * @param pausedOrder null unless it is paused
 * @param cancelledRuns orders that cancelled single runs, by index
 * @param again runs to be done again, by index: the number of the attempt after which
 * @param retries the latest orders to do runs again
 */
public record Control(
    int schema,
    @JsonProperty("cancelled") Order cancelledOrder,
    @JsonProperty("paused") Order pausedOrder,
    Map<Integer, Order> cancelledRuns,
    Map<Integer, Integer> again,
    List<Order> retries) {

  /** No orders. */
  public static final Control NONE = new Control(1, null, null, Map.of(), Map.of(), List.of());

  /** Enough to know an order that is given again because it could not be filed. */
  private static final int KEPT_RETRIES = 100;

  public Control {
    cancelledRuns = sorted(cancelledRuns);
    again = sorted(again);
    retries = retries == null ? List.of() : List.copyOf(retries);
  }

  /**
   * One order.
   *
   * @param at RFC 3339 with offset
   * @param by a user, or {@code caravan} itself
   * @param why in words; may be empty
   * @param request what carried it, unique for ever; null where nothing did
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Order(String at, String by, String why, String request) {

    @JsonCreator
    public Order {}

    /** An order of this moment. */
    public Order(String by, String why) {
      this(by, why, null);
    }

    /** An order of this moment that came by a request. */
    public Order(String by, String why, String request) {
      this(OffsetDateTime.now().truncatedTo(ChronoUnit.MILLIS).toString(), by, why, request);
    }

    /** Who ordered it and why. */
    public String message() {
      return "by " + by + (why == null || why.isBlank() ? "" : ": " + why);
    }
  }

  /** The order that cancelled the batch. */
  public Optional<Order> cancelled() {
    return Optional.ofNullable(cancelledOrder);
  }

  /** The order that paused the batch. */
  public Optional<Order> paused() {
    return Optional.ofNullable(pausedOrder);
  }

  /**
   * The order that keeps a run from starting, or that ends it: its own, or that of the batch unless
   * the run was ordered again later.
   */
  public Optional<Order> cancelOf(int index) {
    return Optional.ofNullable(cancelledRuns.get(index))
        .or(() -> again.containsKey(index) ? Optional.empty() : cancelled());
  }

  /** Number of the attempt after which the run was last ordered again; 0 when it never was. */
  public int againAfter(int index) {
    return again.getOrDefault(index, 0);
  }

  /** Whether the order that this request carried was taken already. */
  public boolean knows(String request) {
    return retries.stream().anyMatch(order -> request.equals(order.request()));
  }

  /** These orders and a cancellation, of what was ordered again too; the first one stays. */
  public Control cancelledBy(Order order) {
    return new Control(
        schema, cancelled().orElse(order), pausedOrder, cancelledRuns, Map.of(), retries);
  }

  /** These orders and the cancellation of some runs. */
  public Control cancelledRunsBy(Collection<Integer> indexes, Order order) {
    Map<Integer, Order> runs = new TreeMap<>(cancelledRuns);
    Map<Integer, Integer> left = new TreeMap<>(again);
    indexes.forEach(index -> runs.putIfAbsent(index, order));
    indexes.forEach(left::remove);
    return new Control(schema, cancelledOrder, pausedOrder, runs, left, retries);
  }

  /** These orders with that pause, or without one. */
  public Control pausedBy(Optional<Order> order) {
    return new Control(schema, cancelledOrder, order.orElse(null), cancelledRuns, again, retries);
  }

  /**
   * These orders, and runs to be done again though they ended or were cancelled.
   *
   * @param after index to the number of the run's latest attempt; 0 when it has none
   */
  public Control againBy(Map<Integer, Integer> after, Order order) {
    Map<Integer, Integer> all = new TreeMap<>(again);
    all.putAll(after);
    Map<Integer, Order> runs = new TreeMap<>(cancelledRuns);
    after.keySet().forEach(runs::remove);
    List<Order> orders = new ArrayList<>(retries);
    orders.add(order);
    int surplus = Math.max(0, orders.size() - KEPT_RETRIES);
    return new Control(
        schema, cancelledOrder, pausedOrder, runs, all, orders.subList(surplus, orders.size()));
  }

  private static <T> Map<Integer, T> sorted(Map<Integer, T> map) {
    return map == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
  }
}
