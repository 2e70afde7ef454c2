package dev.caravan.observe.events;

import java.io.IOException;
import java.util.List;

/** Where a feed keeps its events. */
public interface EventLog {

  /** Whether a kill loses nothing of what was kept. */
  boolean isDurable();

  /** Place of the last event that was kept; 0 when there was none. */
  long last();

  /** Keeps these events, which come after all others. */
  void append(List<StoredEvent> events) throws IOException;

  /** At most {@code most} events after this place. */
  List<StoredEvent> after(long sequence, int most) throws IOException;

  /**
   * Keeps nothing beyond what the feed has in memory. Places go on growing from life to life, so
   * that a client which asks for what came after a place of an earlier life gets all of this one.
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
        // The feed has them.
      }

      @Override
      public List<StoredEvent> after(long sequence, int most) {
        return List.of();
      }
    };
  }
}
