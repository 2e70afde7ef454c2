package dev.caravan.observe.http;

import dev.caravan.observe.events.EventFeed;
import dev.caravan.observe.events.StoredEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Streams events to one client as server-sent events: first those it missed, then new ones. An
 * event's id is its position in the feed, so a client can continue after a restart of the daemon.
 */
final class EventStream implements AutoCloseable {

  private static final int PAGE_SIZE = 200;

  /** Writes to the client. */
  interface Output {

    /** Writes the text and waits until it has been sent. */
    void writeAndWait(String text) throws IOException;

    /** Queues the text for writing and returns at once. */
    void writeLater(String text);
  }

  private final EventFeed feed;
  private final HttpResponse.Events requested;
  private final Output output;
  private final List<StoredEvent> pending = new ArrayList<>();
  private Runnable unsubscribe = () -> {};
  private boolean live;
  private boolean closed;
  private long lastSent;

  /** Creates a stream of the requested events. */
  EventStream(EventFeed feed, HttpResponse.Events requested, Output output) {
    this.feed = feed;
    this.requested = requested;
    this.output = output;
  }

  /** Writes the missed events, then new ones as they happen. Call it once; it may block. */
  void start() throws IOException {
    AutoCloseable subscription = feed.subscribe(this::receive);
    synchronized (this) {
      unsubscribe = () -> quietly(subscription);
      if (closed) {
        unsubscribe.run();
      }
    }
    if (requested.after().isPresent()) {
      catchUp(requested.after().get());
    }
    synchronized (this) {
      pending.forEach(this::send);
      pending.clear();
      live = true;
    }
  }

  private void catchUp(String after) throws IOException {
    long last = feed.last();
    long position = after.matches("\\d{1,18}") ? Long.parseLong(after) : -1;
    boolean known = position >= 0 && position <= last;
    lastSent = known ? position : 0;
    boolean first = true;
    for (List<StoredEvent> next = missed(); !next.isEmpty() || first; next = missed()) {
      boolean gap = next.isEmpty() ? !known : !known || next.get(0).sequence() > lastSent + 1;
      StringBuilder text = new StringBuilder(first && gap ? "event: reset\ndata: {}\n\n" : "");
      next.stream().filter(this::isRequested).forEach(event -> text.append(format(event)));
      if (!text.isEmpty()) {
        output.writeAndWait(text.toString());
      }
      lastSent = next.isEmpty() ? lastSent : next.get(next.size() - 1).sequence();
      first = false;
    }
  }

  private List<StoredEvent> missed() throws IOException {
    return feed.after(lastSent, PAGE_SIZE);
  }

  private synchronized void receive(StoredEvent event) {
    if (live) {
      send(event);
    } else {
      pending.add(event);
    }
  }

  private void send(StoredEvent event) {
    if (event.sequence() > lastSent) {
      lastSent = event.sequence();
      if (isRequested(event)) {
        output.writeLater(format(event));
      }
    }
  }

  private boolean isRequested(StoredEvent event) {
    return requested.batch().isEmpty() || requested.batch().equals(event.batch());
  }

  private static String format(StoredEvent event) {
    String type = event.type().substring(event.type().indexOf("caravan.") + "caravan.".length());
    return "id: " + event.sequence() + "\nevent: " + type + "\ndata: " + event.json() + "\n\n";
  }

  @Override
  public synchronized void close() {
    closed = true;
    unsubscribe.run();
  }

  private static void quietly(AutoCloseable subscription) {
    try {
      subscription.close();
    } catch (Exception e) {
      throw new IllegalStateException("unsubscribing only removes the listener", e);
    }
  }
}
