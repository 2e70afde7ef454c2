package dev.caravan.observe.events;

import dev.caravan.pipeline.outcome.OneLine;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bounds the size of an event, whatever a config holds: cuts long texts, lists and maps. */
final class EventSizeLimits {

  private static final int MAX_TEXT = 500;
  private static final int MAX_NAME = 100;
  private static final int MAX_ENTRIES = 50;

  private EventSizeLimits() {}

  /** A copy of the data within the limits. */
  static Map<String, Object> apply(Map<String, ?> data) {
    Map<String, Object> bounded = new LinkedHashMap<>();
    data.entrySet().stream()
        .limit(MAX_ENTRIES)
        .forEach(
            entry -> bounded.put(OneLine.cut(entry.getKey(), MAX_NAME), value(entry.getValue())));
    return bounded;
  }

  private static Object value(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> named = new LinkedHashMap<>();
      map.forEach((key, inner) -> named.put(String.valueOf(key), inner));
      return apply(named);
    }
    if (value instanceof Collection<?> all) {
      return List.copyOf(all).stream().limit(MAX_ENTRIES).map(EventSizeLimits::value).toList();
    }
    boolean isScalar = value == null || value instanceof Number || value instanceof Boolean;
    return isScalar ? value : OneLine.cut(value.toString(), MAX_TEXT);
  }
}
