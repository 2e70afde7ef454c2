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
          "[^\\s:]+:[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?(?:\\s+[^\\s:]+:[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)*");

  /** Texts that aiperf sends as a number, a boolean or null whatever their quotes. */
  private static final Pattern COERCED =
      Pattern.compile("(?i)true|false|none|null|-?[0-9]+(?:\\.[0-9]*)?|-?\\.[0-9]+");

  private final ValueReader values;
  private final Problems problems;

  OptionValues(ValueReader values, Problems problems) {
    this.values = values;
    this.problems = problems;
  }

  /** The value of an option in {@code aiperf_options}; empty after a problem was added. */
  Optional<Object> read(Option option, Node node, String path) {
    boolean several =
        switch (option.kind()) {
          case LIST, PAIRS, MAP, FREE -> true;
          default -> false;
        };
    if (several && node instanceof SequenceNode list) {
      return list(option, list, path);
    }
    boolean mapped = several && option.kind() != Option.Kind.LIST;
    return mapped && node instanceof MappingNode map
        ? map(option, map, path)
        : single(option, node, path);
  }

  /** One value of an option, as a sweep has it; empty after a problem was added. */
  Optional<Object> single(Option option, Node node, String path) {
    return values
        .scalar(node, path, wanted(option))
        .flatMap(scalar -> single(option, scalar, node, path));
  }

  private Optional<Object> single(Option option, Scalar scalar, Node node, String path) {
    Optional<? extends Object> value =
        switch (option.kind()) {
          case FLAG, SWITCH -> ScalarConverter.truth(scalar);
          case INTEGER -> ScalarConverter.whole(scalar).filter(option.bounds()::hold);
          case NUMBER -> ScalarConverter.number(scalar).filter(option.bounds()::hold);
          case FREE -> free(scalar);
          default -> text(scalar).filter(text -> chosen(option, text));
        };
    Optional<String> broken =
        value.isEmpty()
            ? Optional.of("must be " + wanted(option) + near(option, scalar))
            : broken(option, value.get());
    broken.ifPresent(
        rule -> problems.add(node, path, DisplayText.quoted(scalar.raw()) + ": " + rule));
    return broken.isEmpty() ? value.map(v -> v) : Optional.empty();
  }

  /** Any scalar but null, as it was written, so that 0.10 stays 0.10. */
  private static Optional<String> text(Scalar scalar) {
    return scalar.value().map(value -> scalar.raw());
  }

  private static Optional<Object> free(Scalar scalar) {
    return scalar.value().map(value -> value instanceof Boolean ? value : scalar.raw());
  }

  private static Optional<String> broken(Option option, Object value) {
    if (!(value instanceof String text)) {
      return Optional.empty();
    }
    return switch (option.kind()) {
      case LIST -> TextRules.option(text).or(() -> TextRules.noComma(text));
      case PAIRS ->
          PAIRS.matcher(text).matches()
              ? TextRules.option(text)
              : Optional.of("must be " + wanted(option));
      case MAP ->
          text.contains(":") || text.startsWith("{")
              ? TextRules.option(text)
              : Optional.of("must be " + wanted(option));
      default -> TextRules.option(text);
    };
  }

  /** As aiperf compares: without regard to case, and with "-" for "_". */
  private static boolean chosen(Option option, String text) {
    return option.choices().isEmpty()
        || option.choices().stream().anyMatch(choice -> plain(choice).equals(plain(text)));
  }

  private static String plain(String text) {
    return text.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  private static String near(Option option, Scalar scalar) {
    return NearestName.hint(scalar.raw(), option.choices());
  }

  private Optional<Object> list(Option option, SequenceNode list, String path) {
    List<Object> items = new ArrayList<>();
    if (list.getValue().isEmpty()) {
      problems.add(list, path, "an empty list says nothing; leave the option out");
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
      problems.add(node, path, "an empty mapping says nothing; leave the option out");
    }
    map.entries()
        .forEach(
            (key, entry) ->
                item(option, entry.value(), map.path(key))
                    .filter(value -> key(key, entry.key(), path))
                    .ifPresent(value -> items.put(key, value)));
    return items.size() == map.keys().size() && !items.isEmpty()
        ? Optional.of(items)
        : Optional.empty();
  }

  private boolean key(String key, Node node, String path) {
    Optional<String> broken =
        key.matches("[^\\s:,]+") ? TextRules.argument(key) : Optional.of("must be a plain name");
    broken.ifPresent(rule -> problems.add(node, path, DisplayText.quoted(key) + ": " + rule));
    return broken.isEmpty();
  }

  private Optional<Object> item(Option option, Node node, String path) {
    return option.kind() == Option.Kind.PAIRS
        ? values.scalar(node, path, "a number").flatMap(s -> number(s, node, path))
        : plain(node, path).filter(value -> sentAsText(value, node, path));
  }

  private boolean sentAsText(Object value, Node node, String path) {
    boolean coerced = value instanceof String text && COERCED.matcher(text).matches();
    if (coerced) {
      problems.add(
          node,
          path,
          DisplayText.quoted((String) value)
              + ": aiperf sends this as no text; write it without quotes");
    }
    return !coerced;
  }

  private Optional<Object> number(Scalar scalar, Node node, String path) {
    Optional<Double> number = ScalarConverter.number(scalar);
    if (number.isEmpty()) {
      problems.add(node, path, DisplayText.quoted(scalar.raw()) + ": must be a number");
    }
    return number.map(v -> v);
  }

  /** A value of any shape, as the service will get it. */
  private Optional<Object> plain(Node node, String path) {
    if (node instanceof SequenceNode list) {
      List<Object> items = new ArrayList<>();
      list.getValue().forEach(each -> plain(each, path).ifPresent(items::add));
      return Optional.of(items);
    }
    if (node instanceof MappingNode mapping) {
      Mapping map = Mapping.of(mapping, path, problems);
      Map<String, Object> items = new LinkedHashMap<>();
      map.entries()
          .forEach((k, e) -> plain(e.value(), map.path(k)).ifPresent(v -> items.put(k, v)));
      return Optional.of(items);
    }
    return plain((ScalarNode) node, path);
  }

  private Optional<Object> plain(ScalarNode node, String path) {
    Optional<Object> value =
        values
            .scalar(node, path, "a value")
            .flatMap(s -> s.value().flatMap(v -> v instanceof Number ? exact(s) : Optional.of(v)));
    if (value.isEmpty() && Scalar.known(node)) {
      problems.add(
          node, path, DisplayText.quoted(node.getValue()) + ": is no value that can be sent");
      return value;
    }
    Optional<String> broken =
        value
            .filter(v -> v instanceof String s && !s.isEmpty() && !s.startsWith("-"))
            .flatMap(v -> TextRules.option((String) v));
    broken.ifPresent(
        rule -> problems.add(node, path, DisplayText.quoted(node.getValue()) + ": " + rule));
    return broken.isEmpty() ? value : Optional.empty();
  }

  private static Optional<Object> exact(Scalar scalar) {
    boolean whole = !(scalar.value().orElseThrow() instanceof Double);
    return whole
        ? ScalarConverter.whole(scalar).map(v -> v)
        : ScalarConverter.number(scalar).map(v -> v);
  }

  private static String wanted(Option option) {
    return switch (option.kind()) {
      case FLAG, SWITCH -> "true or false";
      case INTEGER -> "a whole number" + option.bounds().text();
      case NUMBER -> "a number" + option.bounds().text();
      case PAIRS -> "metric:number items, such as request_latency:250";
      case MAP -> "key:value items";
      case FREE -> "a value";
      default -> option.choices().isEmpty() ? "a text" : ValueReader.oneOf(option.choices());
    };
  }
}
