package dev.caravan.config;

import dev.caravan.config.settings.SecretNames;
import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.NearestName;
import dev.caravan.config.yaml.Problems;
import dev.caravan.config.yaml.Scalar;
import dev.caravan.config.yaml.ScalarConverter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads single values by what their key wants, and says of each that does not fit why. */
final class ValueReader {

  private static final int MAX_CHOICES_LISTED = 12;
  private static final String SEVERAL = "; to try several values, list them under sweeps";
  private static final BigDecimal HOUR = BigDecimal.valueOf(3_600_000);

  private final ConfigRules rules;
  private final Problems problems;

  ValueReader(ConfigRules rules, Problems problems) {
    this.rules = rules;
    this.problems = problems;
  }

  /** Whether a node says nothing: null, or an empty value. */
  static boolean absent(Node node) {
    return node instanceof ScalarNode scalar
        && Scalar.known(scalar)
        && Scalar.of(scalar).value().isEmpty();
  }

  /** The value of a key; empty after a problem was added. */
  Optional<Object> read(ConfigKey key, Node node, String path) {
    return scalar(node, path, wanted(key)).flatMap(scalar -> read(key, scalar, node, path));
  }

  /** The scalar at a node; empty after a problem was added. */
  Optional<Scalar> scalar(Node node, String path, String wanted) {
    if (!(node instanceof ScalarNode scalar)) {
      String found = node instanceof SequenceNode ? "a list" : "a mapping";
      boolean several = node instanceof SequenceNode && path.startsWith(BaseSection.PATH);
      String hint = several ? SEVERAL : "";
      problems.add(node, path, found + ": must be " + wanted + hint);
      return Optional.empty();
    }
    if (!Scalar.known(scalar)) {
      problems.add(node, path, "has a YAML tag that a config may not use");
      return Optional.empty();
    }
    return Optional.of(Scalar.of(scalar));
  }

  private Optional<Object> read(ConfigKey key, Scalar scalar, Node node, String path) {
    Optional<? extends Object> value =
        switch (key.type()) {
          case INTEGER -> ScalarConverter.whole(scalar).filter(key.bounds()::hold);
          case NUMBER -> ScalarConverter.number(scalar).filter(key.bounds()::hold);
          case BOOLEAN -> ScalarConverter.truth(scalar);
          case DURATION ->
              ScalarConverter.duration(scalar).filter(d -> key.bounds().hold(hours(d)));
          default -> scalar.isText() ? Optional.of(scalar.raw()) : Optional.empty();
        };
    if (value.isEmpty()) {
      String hint = hint(key, scalar, path);
      problems.add(node, path, shown(key, scalar) + ": must be " + wanted(key) + hint);
      return Optional.empty();
    }
    return value.get() instanceof String text ? text(key, text, node, path) : value.map(v -> v);
  }

  private Optional<Object> text(ConfigKey key, String text, Node node, String path) {
    if (!key.choices().isEmpty() && !key.choices().contains(text)) {
      String near = NearestName.hint(text, key.choices());
      problems.add(
          node, path, DisplayText.quoted(text) + ": must be " + oneOf(key.choices()) + near);
      return Optional.empty();
    }
    Optional<String> broken =
        TextRules.argument(text)
            .or(() -> key.form().broken(text))
            .map(rule -> (hidden(key, text) ? HIDDEN : DisplayText.quoted(text)) + ": " + rule)
            .or(() -> refusedHere(key, text));
    broken.ifPresent(message -> problems.add(node, path, message));
    return broken.isEmpty() ? Optional.of(text) : Optional.empty();
  }

  private static final String HIDDEN = "(value not shown)";

  /** What only the machine or the source of the config can tell. */
  private Optional<String> refusedHere(ConfigKey key, String text) {
    return switch (key.form()) {
      case FILE -> rules.inputRefused(text).map(why -> DisplayText.quoted(text) + ": " + why);
      case VARIABLE -> variableRefused(text);
      default -> Optional.empty();
    };
  }

  private Optional<String> variableRefused(String name) {
    if (!rules.keyAllowed(name)) {
      return Optional.of(
          HIDDEN
              + ": is not among the variables that a config may name here"
              + " (caravan.keys.allowed); write the variable's name, never the key itself");
    }
    return rules.keySet(name)
        ? Optional.empty()
        : Optional.of(
            (SecretNames.looksLikeName(name) ? "the variable " + name : "the variable named here")
                + " is not set, neither in the environment nor in .caravan/keys.env");
  }

  private static String shown(ConfigKey key, Scalar scalar) {
    return key.secret() ? HIDDEN : DisplayText.quoted(scalar.raw());
  }

  private static boolean hidden(ConfigKey key, String text) {
    return key.secret() || (key.form() == TextFormat.URL && text.matches("(?s).*[@?#].*"));
  }

  private static String hint(ConfigKey key, Scalar scalar, String path) {
    if (key.type() == ConfigKey.Type.DURATION) {
      String raw = scalar.raw();
      return raw.matches("[0-9]{1,6}") ? "; write " + raw + "s if seconds are meant" : "";
    }
    boolean swept = path.startsWith(BaseSection.PATH) || path.startsWith(SweepsSection.PATH);
    if (swept && scalar.raw().contains(",")) {
      return SEVERAL;
    }
    boolean unquoted = key.type() == ConfigKey.Type.TEXT && scalar.value().isPresent();
    return unquoted ? "; it is read as " + scalar.kind() + ", so write it in quotes" : "";
  }

  private static BigDecimal hours(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis()).divide(HOUR, MathContext.DECIMAL64);
  }

  private static String wanted(ConfigKey key) {
    return switch (key.type()) {
      case INTEGER -> "a whole number" + key.bounds().text();
      case NUMBER -> "a number" + key.bounds().text();
      case BOOLEAN -> "true or false";
      case DURATION -> "a duration such as 250ms, 30s, 5m or 1h" + key.bounds().text() + " h";
      default -> key.choices().isEmpty() ? "a text" : oneOf(key.choices());
    };
  }

  /** {@code one of chat, completions}; long lists are cut. */
  static String oneOf(Collection<String> choices) {
    if (choices.size() <= MAX_CHOICES_LISTED) {
      return "one of " + String.join(", ", choices);
    }
    List<String> first = choices.stream().limit(MAX_CHOICES_LISTED).toList();
    return "one of "
        + String.join(", ", first)
        + " and "
        + (choices.size() - first.size())
        + " more";
  }
}
