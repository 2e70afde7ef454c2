package dev.caravan.batch;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What people, or the batch's own limits, ordered of a batch; the content of {@code control.json}.
 *
 * @param schema version of this shape
 * @param cancelledOrder null unless it was cancelled
 * @param pausedOrder null unless it is paused
 */
public record Control(
    int schema,
    @JsonProperty("cancelled") Order cancelledOrder,
    @JsonProperty("paused") Order pausedOrder) {

  /** No orders. */
  public static final Control NONE = new Control(1, null, null);

  /**
   * One order.
   *
   * @param at RFC 3339 with offset
   * @param by a user, or {@code caravan} itself
   * @param why in words
   */
  public record Order(String at, String by, String why) {

    @JsonCreator
    public Order {}

    /** An order of this moment. */
    public Order(String by, String why) {
      this(OffsetDateTime.now().truncatedTo(ChronoUnit.MILLIS).toString(), by, why);
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

  /** These orders and a cancellation; the first one stays. */
  public Control cancelledBy(Order order) {
    return new Control(schema, cancelled().orElse(order), pausedOrder);
  }

  /** These orders with that pause, or without one. */
  public Control pausedBy(Optional<Order> order) {
    return new Control(schema, cancelledOrder, order.orElse(null));
  }
}
