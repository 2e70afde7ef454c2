package dev.caravan.config;

import dev.caravan.config.text.NearestName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The metrics that {@code goodput} may name. With any other one aiperf 0.13.0 says so once and then
 * hangs until a limit ends it.
 */
final class GoodputMetrics {

  static final String OPTION = "goodput";

  private static final String LIST = "aiperf-metrics-0.13.0.txt";

  /** What a metric needs, by its name. */
  private static final Map<String, String> NEEDS = new LinkedHashMap<>();

  private static final Map<String, String> OTHER_NAMES = new LinkedHashMap<>();

  static {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(GoodputMetrics.class.getResourceAsStream(LIST)),
                StandardCharsets.UTF_8))) {
      lines.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).forEach(GoodputMetrics::add);
    } catch (IOException e) {
      throw new UncheckedIOException(LIST, e);
    }
  }

  private GoodputMetrics() {}

  /** Why the metrics of {@code metric:number} items are invalid; empty if they are valid. */
  static Optional<String> violation(String items) {
    return names(items).stream()
        .map(name -> unknown(name).map(rule -> name + " " + rule))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Why a name is no metric of aiperf; empty if it is one. */
  static Optional<String> unknown(String name) {
    if (NEEDS.containsKey(name)) {
      return Optional.empty();
    }
    String plain = name.toLowerCase(Locale.ROOT).replace('-', '_');
    String other = OTHER_NAMES.get(plain);
    String hint = other == null ? NearestName.hint(name, NEEDS.keySet()) : "; write it as " + other;
    return Optional.of("is not a per-request metric of aiperf" + hint);
  }

  /** Why runs do not have a metric of aiperf; empty if they have it. */
  static Optional<String> missing(String name, boolean streams, boolean producesTokens) {
    String needs = NEEDS.getOrDefault(name, "");
    if (needs.contains("tokens") && !producesTokens) {
      return Optional.of(name + " requires an endpoint_type whose responses are tokens");
    }
    return needs.contains("streaming") && !streams
        ? Optional.of(name + " requires streaming: true")
        : Optional.empty();
  }

  /** The metrics that a value of the option names. */
  static List<String> names(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.keySet().stream().map(Object::toString).toList();
    }
    if (value instanceof List<?> list) {
      return list.stream().flatMap(item -> names(item).stream()).toList();
    }
    return Arrays.stream(value.toString().split("\\s+"))
        .map(item -> item.replaceFirst(":.*", ""))
        .toList();
  }

  private static void add(String line) {
    String[] parts = line.split("\\s+");
    NEEDS.put(parts[0], parts[1]);
    Arrays.stream(parts[2].split(",")).forEach(other -> OTHER_NAMES.put(other, parts[0]));
  }
}
