package dev.caravan.pipeline.outcome;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Counts failed requests by their errors, in bounded memory. Not thread-safe. */
public final class RequestErrors {

  private static final int MAX_DISTINCT = 500;
  private static final RequestError OTHER_ERRORS =
      new RequestError(RequestError.Kind.OTHER, "other errors", "");

  private final Map<RequestError, Long> counts = new LinkedHashMap<>();

  /**
   * Counts {@code times} more of this error. Beyond a limit of distinct errors, new ones are
   * counted without their message, and then together.
   */
  void add(RequestError error, long times) {
    counts.merge(bounded(error), times, Long::sum);
  }

  private RequestError bounded(RequestError error) {
    if (counts.size() < MAX_DISTINCT || counts.containsKey(error)) {
      return error;
    }
    RequestError plain = error.withoutMessage();
    return counts.size() < 2 * MAX_DISTINCT || counts.containsKey(plain) ? plain : OTHER_ERRORS;
  }

  /** Number of failed requests. */
  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Number of failed requests of this kind. */
  public long total(RequestError.Kind kind) {
    return counts.entrySet().stream()
        .filter(e -> e.getKey().kind() == kind)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Whether there are failures, and all are of this kind. */
  boolean all(RequestError.Kind kind) {
    return total() > 0 && total(kind) == total();
  }

  /** The three most common labels, such as {@code 401 Unauthorized (5,190×)}. */
  String summary() {
    Map<String, Long> labels = countBy(RequestError::label);
    String top = top(labels).stream().collect(Collectors.joining(", "));
    return labels.size() > 3 ? top + " and " + (labels.size() - 3) + " more kinds" : top;
  }

  /** The three most common messages, each with label and count; errors without one are omitted. */
  List<String> messages() {
    return top(
        counts.entrySet().stream()
            .filter(e -> e.getKey().hasDetail())
            .collect(
                Collectors.toMap(
                    e -> e.getKey().label() + ": " + e.getKey().message(),
                    Map.Entry::getValue,
                    Long::sum,
                    LinkedHashMap::new)));
  }

  private Map<String, Long> countBy(Function<RequestError, String> name) {
    Map<String, Long> result = new LinkedHashMap<>();
    counts.forEach((error, count) -> result.merge(name.apply(error), count, Long::sum));
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
