package dev.caravan.app.camel;

import dev.caravan.observe.events.Outbox;
import dev.caravan.observe.events.StoredEvent;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Connects the routes that deliver events to the outbox. */
public final class EventDelivery {

  /** The media type of an event. */
  static final String MEDIA_TYPE = "application/cloudevents+json; charset=utf-8";

  private final Optional<Outbox> outbox;

  public EventDelivery(Optional<Outbox> outbox) {
    this.outbox = outbox;
  }

  /** The next events for this receiver, in order. */
  public List<StoredEvent> next(String receiver) throws IOException {
    return outbox.isPresent() ? outbox.get().next(receiver) : List.of();
  }

  /** An event as it is delivered. */
  public String json(StoredEvent event) {
    return event.json();
  }

  /** Marks an event as delivered to the receiver. */
  public void delivered(String receiver, StoredEvent event) {
    outbox.ifPresent(box -> box.delivered(receiver, event));
  }

  /** Reports a failed delivery to the receiver, to be retried. */
  public void failed(String receiver, Exception failure) {
    outbox.ifPresent(box -> box.failed(receiver, EndpointFailures.message(failure)));
  }
}
