package dev.caravan.pipeline.outcome;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Failed requests counted by what they said, in bounded memory. Not thread-safe. */
public final class RequestErrors {

  private static final int DISTINCT = 500;
  private static final RequestError REST =
      new RequestError(RequestError.Kind.OTHER, "other errors", "");

  private final Map<RequestError, Long> counts = new LinkedHashMap<>();

  /** Counts {@code times} more of this error; past a bound they are counted by their kind only. */
  void add(RequestError error, long times) {
    RequestError key = counted(error);
    counts.merge(key, times, Long::sum);
  }

  private RequestError counted(RequestError error) {
    if (counts.size() < DISTINCT || counts.containsKey(error)) {
      return error;
    }
    RequestError plain = error.withoutMessage();
    return counts.size() < 2 * DISTINCT || counts.containsKey(plain) ? plain : REST;
  }

  /** How many requests failed. */
  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many of them failed in this way. */
  public long total(RequestError.Kind kind) {
    return counts.entrySet().stream()
        .filter(e -> e.getKey().kind() == kind)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Whether there are failures and all of them are of this kind. */
  boolean all(RequestError.Kind kind) {
    return total() > 0 && total(kind) == total();
  }

  /** The three most common by label, such as {@code 401 Unauthorized (5,190×)}. */
  String summary() {
    Map<String, Long> labels = countBy(RequestError::label);
    String top = top(labels).stream().collect(Collectors.joining(", "));
    return labels.size() > 3 ? top + " and " + (labels.size() - 3) + " more kinds" : top;
  }

  /** The three most common messages, each with its label and count; errors without one left out. */
  List<String> messages() {
    return top(
        counts.entrySet().stream()
            .filter(e -> e.getKey().saysMore())
            .collect(
                Collectors.toMap(
                    e -> e.getKey().label() + ": " + e.getKey().message(),
                    Map.Entry::getValue,
                    Long::sum,
                    LinkedHashMap::new)));
  }

  private Map<String, Long> countBy(Function<RequestError, String> word) {
    Map<String, Long> result = new LinkedHashMap<>();
    counts.forEach((error, count) -> result.merge(word.apply(error), count, Long::sum));
    return result;
  }

  private static List<String> top(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(3)
        .map(e -> e.getKey() + " (" + OneLine.count(e.getValue()) + "×)")
        .toList();
  }
}
