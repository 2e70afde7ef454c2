package dev.caravan.app.camel;

import dev.caravan.observe.events.Outbox;
import dev.caravan.observe.events.StoredEvent;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.camel.http.base.HttpOperationFailedException;

/** What the routes that deliver events call. */
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

  /** The receiver has this event. */
  public void delivered(String receiver, StoredEvent event) {
    outbox.ifPresent(to -> to.delivered(receiver, event));
  }

  /** The receiver could not be given an event. */
  public void failed(String receiver, Exception failure) {
    outbox.ifPresent(to -> to.failed(receiver, message(failure)));
  }

  /** What failed, without the address, which may hold a secret. */
  private static String message(Exception failure) {
    if (failure instanceof HttpOperationFailedException http) {
      return "it answered with status " + http.getStatusCode();
    }
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).replaceAll("(https?://[^/\\s?]*)[/?]\\S*", "$1/…")
        + " ("
        + root.getClass().getSimpleName()
        + ")";
  }
}
