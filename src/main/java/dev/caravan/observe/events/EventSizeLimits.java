package dev.caravan.observe.events;

import dev.caravan.pipeline.outcome.OneLine;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps events small, whatever a config holds: long texts are cut, long lists shortened. */
final class EventSizeLimits {

  private static final int TEXT = 500;
  private static final int NAME = 100;
  private static final int ENTRIES = 50;

  private EventSizeLimits() {}

  /** The same data, no larger than an event may be. */
  static Map<String, Object> of(Map<String, ?> data) {
    Map<String, Object> bounded = new LinkedHashMap<>();
    data.entrySet().stream()
        .limit(ENTRIES)
        .forEach(entry -> bounded.put(OneLine.cut(entry.getKey(), NAME), value(entry.getValue())));
    return bounded;
  }

  private static Object value(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> named = new LinkedHashMap<>();
      map.forEach((key, inner) -> named.put(String.valueOf(key), inner));
      return of(named);
    }
    if (value instanceof Collection<?> all) {
      return List.copyOf(all).stream().limit(ENTRIES).map(EventSizeLimits::value).toList();
    }
    boolean plain = value == null || value instanceof Number || value instanceof Boolean;
    return plain ? value : OneLine.cut(value.toString(), TEXT);
  }
}
