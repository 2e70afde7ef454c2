package dev.caravan.config;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.NearestName;
import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import dev.caravan.config.yaml.Scalar;
import dev.caravan.config.yaml.ScalarConverter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads the values of aiperf options by their kind. */
final class OptionValues {

  private static final Pattern PAIRS =
      Pattern.compile(
          "[^\\s:]+:[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?(?:\\s+[^\\s:]+:[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)*+");

  /** Strings that aiperf sends as a number, a boolean or null even if quoted. */
  private static final Pattern COERCED =
      Pattern.compile("(?i)true|false|none|null|-?[0-9]+(?:\\.[0-9]*)?|-?\\.[0-9]+");

  private final ValueReader values;
  private final Problems problems;

  OptionValues(ValueReader values, Problems problems) {
    this.values = values;
    this.problems = problems;
  }

  /** The value of an option in {@code aiperf_options}; empty after adding a problem. */
  Optional<Object> read(Option option, Node node, String path) {
    boolean acceptsList =
        switch (option.kind()) {
          case LIST, PAIRS, MAP, FREE -> true;
          default -> false;
        };
    if (acceptsList && node instanceof SequenceNode list) {
      return list(option, list, path);
    }
    boolean acceptsMap = acceptsList && option.kind() != Option.Kind.LIST;
    return acceptsMap && node instanceof MappingNode map
        ? map(option, map, path)
        : single(option, node, path);
  }

  /** A single value of an option, as in a sweep; empty after adding a problem. */
  Optional<Object> single(Option option, Node node, String path) {
    return values
        .scalar(node, path, expected(option))
        .flatMap(scalar -> single(option, scalar, node, path));
  }

  private Optional<Object> single(Option option, Scalar scalar, Node node, String path) {
    Optional<? extends Object> value =
        switch (option.kind()) {
          case FLAG, SWITCH -> ScalarConverter.bool(scalar);
          case INTEGER -> values.integer(scalar, node, path).filter(option.range()::contains);
          case NUMBER -> values.number(scalar, node, path).filter(option.range()::contains);
          case FREE -> free(scalar);
          default -> asWritten(scalar).filter(text -> isChoice(option, text));
        };
    Optional<String> violation =
        value.isEmpty()
            ? Optional.of("must be " + expected(option) + hint(option, scalar))
            : violation(option, value.get());
    violation.ifPresent(
        rule -> problems.add(node, path, DisplayText.quoted(scalar.raw()) + ": " + rule));
    return violation.isEmpty() ? value.map(v -> v) : Optional.empty();
  }

  /** Any scalar but null, as written, so that 0.10 stays 0.10. */
  private static Optional<String> asWritten(Scalar scalar) {
    return scalar.value().map(value -> scalar.raw());
  }

  private static Optional<Object> free(Scalar scalar) {
    return scalar.value().map(value -> value instanceof Boolean ? value : scalar.raw());
  }

  private static Optional<String> violation(Option option, Object value) {
    if (!(value instanceof String text)) {
      return Optional.empty();
    }
    return switch (option.kind()) {
      case LIST -> TextRules.option(text).or(() -> TextRules.noComma(text));
      case PAIRS ->
          PAIRS.matcher(text).matches()
              ? TextRules.option(text).or(() -> GoodputMetrics.violation(text))
              : Optional.of("must be " + expected(option));
      case MAP ->
          text.contains(":") || text.startsWith("{")
              ? TextRules.option(text)
              : Optional.of("must be " + expected(option));
      default -> TextRules.option(text);
    };
  }

  /** Compared as aiperf does: case-insensitively, with "-" equal to "_". */
  private static boolean isChoice(Option option, String text) {
    return option.choices().isEmpty()
        || option.choices().stream().anyMatch(choice -> normalize(choice).equals(normalize(text)));
  }

  private static String normalize(String text) {
    return text.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  private static String hint(Option option, Scalar scalar) {
    return NearestName.hint(scalar.raw(), option.choices());
  }

  private Optional<Object> list(Option option, SequenceNode list, String path) {
    List<Object> items = new ArrayList<>();
    if (list.getValue().isEmpty()) {
      problems.add(list, path, "must not be empty; remove the option instead");
    }
    for (int i = 0; i < list.getValue().size(); i++) {
      single(option, list.getValue().get(i), path + "[" + i + "]").ifPresent(items::add);
    }
    return items.size() == list.getValue().size() && !items.isEmpty()
        ? Optional.of(List.copyOf(items))
        : Optional.empty();
  }

  private Optional<Object> map(Option option, MappingNode node, String path) {
    Mapping map = Mapping.of(node, path, problems);
    Map<String, Object> items = new LinkedHashMap<>();
    if (map.keys().isEmpty()) {
      problems.add(node, path, "must not be empty; remove the option instead");
    }
    map.entries()
        .forEach(
            (key, entry) ->
                item(option, entry.value(), map.path(key))
                    .filter(value -> isValidKey(option, key, entry.key(), path))
                    .ifPresent(value -> items.put(key, value)));
    return items.size() == map.keys().size() && !items.isEmpty()
        ? Optional.of(items)
        : Optional.empty();
  }

  private boolean isValidKey(Option option, String key, Node node, String path) {
    Optional<String> violation =
        key.matches("[^\\s:,]+")
            ? TextRules.argument(key)
            : Optional.of("must be a name without spaces, \":\" or \",\"");
    if (violation.isEmpty() && option.kind() == Option.Kind.PAIRS) {
      violation = GoodputMetrics.unknown(key);
    }
    violation.ifPresent(rule -> problems.add(node, path, DisplayText.quoted(key) + ": " + rule));
    return violation.isEmpty() && values.isPassable(key, node, path);
  }

  private Optional<Object> item(Option option, Node node, String path) {
    return option.kind() == Option.Kind.PAIRS
        ? values.scalar(node, path, "a number").flatMap(s -> number(s, node, path))
        : anyValue(node, path).filter(value -> isSentAsWritten(value, node, path));
  }

  private boolean isSentAsWritten(Object value, Node node, String path) {
    boolean coerced = value instanceof String text && COERCED.matcher(text).matches();
    if (coerced) {
      problems.add(
          node,
          path,
          DisplayText.quoted((String) value)
              + ": aiperf would not send this as a string; write it without quotes");
    }
    return !coerced;
  }

  private Optional<Object> number(Scalar scalar, Node node, String path) {
    Optional<Double> number = values.number(scalar, node, path);
    if (number.isEmpty()) {
      problems.add(node, path, DisplayText.quoted(scalar.raw()) + ": must be a number");
    }
    return number.map(v -> v);
  }

  /** A value of any type, as the service will receive it. */
  private Optional<Object> anyValue(Node node, String path) {
    if (node instanceof SequenceNode list) {
      List<Object> items = new ArrayList<>();
      list.getValue().forEach(item -> anyValue(item, path).ifPresent(items::add));
      return Optional.of(items);
    }
    if (node instanceof MappingNode mapping) {
      Mapping map = Mapping.of(mapping, path, problems);
      Map<String, Object> items = new LinkedHashMap<>();
      map.entries()
          .forEach(
              (key, entry) ->
                  anyValue(entry.value(), map.path(key))
                      .filter(value -> values.isPassable(key, entry.key(), path))
                      .ifPresent(value -> items.put(key, value)));
      return Optional.of(items);
    }
    return anyScalar((ScalarNode) node, path);
  }

  private Optional<Object> anyScalar(ScalarNode node, String path) {
    Optional<Scalar> scalar = values.scalar(node, path, "a value");
    if (scalar.isEmpty()) {
      return Optional.empty(); // with a problem already
    }
    Optional<Object> value =
        scalar
            .get()
            .value()
            .flatMap(v -> v instanceof Number ? numeric(scalar.get(), node, path) : Optional.of(v));
    if (value.isEmpty()) {
      problems.add(node, path, DisplayText.quoted(node.getValue()) + ": cannot be sent as a value");
      return value;
    }
    Optional<String> violation =
        value
            .filter(v -> v instanceof String s && !s.isEmpty() && !s.startsWith("-"))
            .flatMap(v -> TextRules.option((String) v));
    violation.ifPresent(
        rule -> problems.add(node, path, DisplayText.quoted(node.getValue()) + ": " + rule));
    return violation.isEmpty() ? value : Optional.empty();
  }

  private Optional<Object> numeric(Scalar scalar, Node node, String path) {
    boolean whole = !(scalar.value().orElseThrow() instanceof Double);
    return whole
        ? values.integer(scalar, node, path).map(v -> v)
        : values.number(scalar, node, path).map(v -> v);
  }

  private static String expected(Option option) {
    return switch (option.kind()) {
      case FLAG, SWITCH -> "true or false";
      case INTEGER -> "a whole number" + option.range().describe();
      case NUMBER -> "a number" + option.range().describe();
      case PAIRS -> "metric:number items, such as request_latency:250";
      case MAP -> "key:value items";
      case FREE -> "a value";
      default -> option.choices().isEmpty() ? "a string" : ValueReader.oneOf(option.choices());
    };
  }
}
