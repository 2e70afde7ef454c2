package dev.caravan.observe.http;

import dev.caravan.observe.events.EventFeed;
import dev.caravan.observe.events.StoredEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The events for one reader, as server-sent events: first what it missed, then what comes. The id
 * of each is its place in the feed, so that a reader can go on after a restart of the daemon.
 */
public final class EventStream implements AutoCloseable {

  private static final int AT_ONCE = 200;
  private static final AtomicInteger READERS = new AtomicInteger();

  /** Where the text goes. */
  public interface Out {

    /** Writes it and waits until it is on its way. */
    void now(String text) throws IOException;

    /** Writes it without waiting. */
    void soon(String text);
  }

  private final EventFeed feed;
  private final HttpResponse.Stream asked;
  private final Out out;
  private final List<StoredEvent> held = new ArrayList<>();
  private Runnable stop = () -> {};
  private boolean live;
  private boolean closed;
  private long sent;

  /** A stream of what was asked for. */
  public EventStream(EventFeed feed, HttpResponse.Stream asked, Out out) {
    this.feed = feed;
    this.asked = asked;
    this.out = out;
  }

  /** How many are open. */
  static int readers() {
    return READERS.get();
  }

  /** Whether one more may be opened. */
  public static boolean hasRoom(int most) {
    return READERS.get() < most;
  }

  /** Writes what the reader missed, and from then on what comes. To be called once; may block. */
  public void begin() throws IOException {
    READERS.incrementAndGet();
    AutoCloseable subscription = feed.subscribe(this::take);
    synchronized (this) {
      stop = () -> quietly(subscription);
      if (closed) {
        stop.run();
      }
    }
    if (asked.after().isPresent()) {
      catchUp(asked.after().get());
    }
    synchronized (this) {
      held.forEach(this::tell);
      held.clear();
      live = true;
    }
  }

  private void catchUp(String after) throws IOException {
    long last = feed.last();
    long place = after.matches("\\d{1,18}") ? Long.parseLong(after) : -1;
    boolean known = place >= 0 && place <= last;
    sent = known ? place : 0;
    boolean first = true;
    for (List<StoredEvent> next = missed(); !next.isEmpty() || first; next = missed()) {
      boolean gap = next.isEmpty() ? !known : !known || next.get(0).sequence() > sent + 1;
      StringBuilder text = new StringBuilder(first && gap ? "event: reset\ndata: {}\n\n" : "");
      next.stream().filter(this::isAskedFor).forEach(event -> text.append(message(event)));
      if (!text.isEmpty()) {
        out.now(text.toString());
      }
      sent = next.isEmpty() ? sent : next.get(next.size() - 1).sequence();
      first = false;
    }
  }

  private List<StoredEvent> missed() throws IOException {
    return feed.after(sent, AT_ONCE);
  }

  private synchronized void take(StoredEvent event) {
    if (live) {
      tell(event);
    } else {
      held.add(event);
    }
  }

  private void tell(StoredEvent event) {
    if (event.sequence() > sent) {
      sent = event.sequence();
      if (isAskedFor(event)) {
        out.soon(message(event));
      }
    }
  }

  private boolean isAskedFor(StoredEvent event) {
    return asked.batch().isEmpty() || asked.batch().equals(event.batch());
  }

  private static String message(StoredEvent event) {
    String type = event.type().substring(event.type().indexOf("caravan.") + "caravan.".length());
    return "id: " + event.sequence() + "\nevent: " + type + "\ndata: " + event.json() + "\n\n";
  }

  @Override
  public synchronized void close() {
    READERS.decrementAndGet();
    closed = true;
    stop.run();
  }

  private static void quietly(AutoCloseable subscription) {
    try {
      subscription.close();
    } catch (Exception e) {
      throw new IllegalStateException("a subscription only forgets its listener", e);
    }
  }
}
