package dev.caravan.observe.events;

import java.io.IOException;
import java.util.List;

/** Storage behind an {@link EventFeed}. */
public interface EventLog {

  /** Whether appended events survive a kill. */
  boolean isDurable();

  /** Sequence of the last stored event; 0 when there is none. */
  long last();

  /** Appends these events, whose sequences exceed all stored ones. */
  void append(List<StoredEvent> events) throws IOException;

  /** Up to {@code max} events after this sequence. */
  List<StoredEvent> after(long sequence, int max) throws IOException;

  /**
   * A log that stores nothing; the feed has its latest events in memory. Sequences start at the
   * clock, so that they increase across restarts: a client that resumes from an earlier process's
   * sequence gets all events of this one.
   */
  static EventLog none() {
    long start = System.currentTimeMillis() * 1000;
    return new EventLog() {
      @Override
      public boolean isDurable() {
        return false;
      }

      @Override
      public long last() {
        return start;
      }

      @Override
      public void append(List<StoredEvent> events) {
        // The feed has them in memory.
      }

      @Override
      public List<StoredEvent> after(long sequence, int max) {
        return List.of();
      }
    };
  }
}
