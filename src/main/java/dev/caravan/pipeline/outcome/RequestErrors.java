package dev.caravan.pipeline.outcome;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Counts failed requests by their errors, in bounded memory. Not thread-safe. */
public final class RequestErrors {

  private static final int MAX_DISTINCT = 500;
  private static final int MAX_NAMED = 3;

  /** More than any run makes; the sum of all counts fits a long. */
  private static final long MAX_COUNT = 1L << 50;

  private static final RequestError OTHER_ERRORS =
      new RequestError(RequestError.Kind.OTHER, "other errors", "");

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /** By the error without the numbers in its message: they differ from request to request. */
  private final Map<RequestError, Counted> counts = new LinkedHashMap<>();

  /** The first of the errors that are alike, and how many there are. */
  private record Counted(RequestError first, long count) {
    Counted plus(long times) {
      return new Counted(first, Math.min(count + times, MAX_COUNT));
    }
  }

  /**
   * Counts {@code times} more of this error. Beyond a limit of distinct errors, new ones are
   * counted without their message, and then together.
   */
  void add(RequestError error, long times) {
    if (times < 1) {
      return;
    }
    RequestError key = bounded(alike(error));
    Counted before =
        counts.getOrDefault(key, new Counted(key.equals(alike(error)) ? error : key, 0));
    counts.put(key, before.plus(Math.min(times, MAX_COUNT)));
  }

  private static RequestError alike(RequestError error) {
    return new RequestError(
        error.kind(), error.label(), NUMBER.matcher(error.message()).replaceAll("#"));
  }

  private RequestError bounded(RequestError error) {
    if (counts.size() < MAX_DISTINCT || counts.containsKey(error)) {
      return error;
    }
    RequestError plain = error.withoutMessage();
    return counts.size() < 2 * MAX_DISTINCT || counts.containsKey(plain) ? plain : OTHER_ERRORS;
  }

  /** A copy without those of a kind. */
  RequestErrors without(RequestError.Kind kind) {
    RequestErrors others = new RequestErrors();
    counts.forEach(
        (key, counted) -> {
          if (key.kind() != kind) {
            others.counts.put(key, counted);
          }
        });
    return others;
  }

  /** Number of failed requests. */
  public long total() {
    return counts.values().stream().mapToLong(Counted::count).sum();
  }

  /** Number of failed requests of this kind. */
  public long total(RequestError.Kind kind) {
    return counts.values().stream()
        .filter(counted -> counted.first().kind() == kind)
        .mapToLong(Counted::count)
        .sum();
  }

  /** Number of failed requests whose label begins like this, such as with an HTTP status. */
  long totalLabelled(String beginning) {
    return counts.values().stream()
        .filter(counted -> counted.first().label().startsWith(beginning))
        .mapToLong(Counted::count)
        .sum();
  }

  /** Whether there are failures, and all are of this kind. */
  boolean all(RequestError.Kind kind) {
    return total() > 0 && total(kind) == total();
  }

  /**
   * The most common error with its message, then the labels of others, such as {@code 400 Bad
   * Request: too long (470×), connection reset (2×)}.
   */
  String summary() {
    List<Counted> sorted = sorted();
    if (sorted.isEmpty()) {
      return "";
    }
    Map<String, Long> labels = new LinkedHashMap<>();
    sorted.stream()
        .skip(1)
        .forEach(each -> labels.merge(each.first().label(), each.count(), Long::sum));
    String others =
        labels.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(MAX_NAMED - 1)
            .map(e -> ", " + times(e.getKey(), e.getValue()))
            .collect(Collectors.joining());
    int more = labels.size() - (MAX_NAMED - 1);
    Counted first = sorted.get(0);
    String named = isQuoted(first) ? text(first) : times(first.first().label(), first.count());
    return named + others + (more > 0 ? " and " + more + " more kinds" : "");
  }

  /** The most common messages that the summary leaves out, each with label and count. */
  List<String> furtherMessages() {
    return sorted().stream()
        .skip(1)
        .filter(each -> isQuoted(each) && each.first().hasDetail())
        .limit(MAX_NAMED)
        .map(RequestErrors::text)
        .toList();
  }

  /** Whether the message is quoted: for a failed connection, a plain name says as much. */
  private static boolean isQuoted(Counted counted) {
    return counted.first().kind() != RequestError.Kind.CONNECTION
        || !RequestErrorText.isPlainName(counted.first().label());
  }

  private List<Counted> sorted() {
    return counts.values().stream()
        .sorted(Comparator.comparingLong(Counted::count).reversed())
        .toList();
  }

  private static String text(Counted counted) {
    RequestError error = counted.first();
    return times(
        error.hasDetail() ? error.label() + ": " + error.message() : error.label(),
        counted.count());
  }

  private static String times(String text, long count) {
    return text + " (" + OneLine.count(count) + "×)";
  }
}
