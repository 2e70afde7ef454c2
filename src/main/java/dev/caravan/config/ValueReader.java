package dev.caravan.config;

import dev.caravan.config.settings.SecretNames;
import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.InvisibleText;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads single values according to their key, and adds a problem for each invalid one. */
final class ValueReader {

  /** Stands for a value that may be a secret. */
  static final String HIDDEN = "(value not shown)";

  private static final int MAX_CHOICES_LISTED = 13;
  private static final String SWEEP_HINT = "; to try several values, list them under sweeps";
  private static final Pattern INFINITY = Pattern.compile("(?i)\\+?\\.?inf(?:inity)?");
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)\\s?%");
  private static final BigDecimal HOUR = BigDecimal.valueOf(3_600_000);

  /** What a shell or a template would replace. */
  private static final Pattern REFERENCE =
      Pattern.compile(
          "^\\$[A-Za-z_][A-Za-z0-9_]*$|\\$[A-Z][A-Z0-9_]+|\\$\\{[A-Za-z_][^{}]*\\}"
              + "|\\$\\([^()]*\\)|^~(?:/|$)");

  private final ConfigRules rules;
  private final Problems problems;

  ValueReader(ConfigRules rules, Problems problems) {
    this.rules = rules;
    this.problems = problems;
  }

  /** Whether a node is null or empty. */
  static boolean isAbsent(Node node) {
    return node instanceof ScalarNode scalar
        && Scalar.hasAllowedTag(scalar)
        && Scalar.of(scalar).value().isEmpty();
  }

  /** The value of a key; empty after adding a problem. */
  Optional<Object> read(ConfigKey key, Node node, String path) {
    return scalar(node, path, expected(key)).flatMap(scalar -> read(key, scalar, node, path));
  }

  /** The scalar at a node; empty after adding a problem. */
  Optional<Scalar> scalar(Node node, String path, String expected) {
    if (!(node instanceof ScalarNode scalar)) {
      String found = node instanceof SequenceNode ? "a list" : "a mapping";
      boolean isParameterList = node instanceof SequenceNode && path.startsWith(BaseSection.PATH);
      String hint = isParameterList ? SWEEP_HINT : "";
      problems.add(node, path, found + ": must be " + expected + hint);
      return Optional.empty();
    }
    if (!Scalar.hasAllowedTag(scalar)) {
      problems.add(node, path, "has a YAML tag that is not allowed in a config");
      return Optional.empty();
    }
    Scalar read = Scalar.of(scalar);
    if (!isPassable(read.raw(), node, path)) {
      return Optional.empty();
    }
    doubt(read, scalar.isPlain()).ifPresent(doubt -> problems.warn(node, path, doubt));
    return Optional.of(read);
  }

  /** Whether a text can be passed to aiperf as it is; adds a problem if not. */
  boolean isPassable(String text, Node node, String path) {
    Optional<String> refusal = rules.encodingRefusal(text);
    refusal.ifPresent(why -> problems.add(node, path, why));
    return refusal.isEmpty();
  }

  /** What a string contains that is taken as it is, though it looks like something else. */
  private static Optional<String> doubt(Scalar scalar, boolean unquoted) {
    Matcher reference = REFERENCE.matcher(scalar.raw());
    if (scalar.isString() && reference.find()) {
      return Optional.of(
          DisplayText.quoted(reference.group()) + " is taken literally; nothing replaces it");
    }
    return unquoted
        ? InvisibleText.deceptiveIn(scalar.raw())
            .map(name -> "contains " + name + "; write the value in quotes if that is intended")
        : Optional.empty();
  }

  /** As a whole number; empty if it is none. */
  Optional<Long> integer(Scalar scalar, Node node, String path) {
    return warned(ScalarConverter.integer(scalar), scalar, node, path);
  }

  /** As a finite number; empty if it is none. */
  Optional<Double> number(Scalar scalar, Node node, String path) {
    return warned(ScalarConverter.number(scalar), scalar, node, path);
  }

  private <T> Optional<T> warned(Optional<T> number, Scalar scalar, Node node, String path) {
    number
        .flatMap(n -> scalar.surprisingMeaning())
        .ifPresent(meaning -> problems.warn(node, path, scalar.raw() + " means " + meaning));
    return number;
  }

  /** A percentage, written as {@code 5%}, as a share of 1; empty after adding a problem. */
  Optional<Double> percent(Node node, String path) {
    Optional<String> text = scalar(node, path, "a percentage").map(Scalar::raw);
    Optional<Matcher> number = text.map(PERCENT::matcher).filter(Matcher::matches);
    if (text.isPresent() && number.isEmpty()) {
      problems.add(
          node, path, DisplayText.quoted(text.get()) + ": must be a percentage, such as" + " 5%");
    }
    return number.map(match -> Double.parseDouble(match.group(1)) / 100);
  }

  private Optional<Object> read(ConfigKey key, Scalar scalar, Node node, String path) {
    Optional<? extends Object> value =
        switch (key.type()) {
          case INTEGER -> integer(scalar, node, path).filter(key.range()::contains);
          case NUMBER -> number(scalar, node, path).filter(key.range()::contains);
          case RATE -> rate(key, scalar, node, path);
          case BOOLEAN -> ScalarConverter.bool(scalar);
          case DURATION ->
              ScalarConverter.duration(scalar).filter(d -> key.range().contains(hours(d)));
          default -> scalar.isString() ? Optional.of(scalar.raw()) : Optional.empty();
        };
    if (value.isEmpty()) {
      String hint = hint(key, scalar, path);
      problems.add(node, path, display(key, scalar) + ": must be " + expected(key) + hint);
      return Optional.empty();
    }
    return value.get() instanceof String text ? string(key, text, node, path) : value.map(v -> v);
  }

  private Optional<? extends Object> rate(ConfigKey key, Scalar scalar, Node node, String path) {
    boolean unlimited =
        scalar.value().isEmpty() || INFINITY.matcher(scalar.raw().strip()).matches();
    return unlimited
        ? Optional.of(Parameters.UNLIMITED)
        : number(scalar, node, path).filter(key.range()::contains);
  }

  private Optional<Object> string(ConfigKey key, String text, Node node, String path) {
    if (!key.choices().isEmpty() && !key.choices().contains(text)) {
      String rule =
          Optional.of(text)
              .filter(word -> key.name().equals(ConfigKeys.ENDPOINT_TYPE))
              .flatMap(EndpointType::unsupported)
              .orElseGet(() -> "must be " + oneOf(key.choices()));
      String near = NearestName.hint(text, key.choices());
      problems.add(node, path, DisplayText.quoted(text) + ": " + rule + near);
      return Optional.empty();
    }
    Optional<String> violation =
        TextRules.argument(text)
            .or(() -> key.format().violation(text))
            .map(rule -> (mustHide(key, text) ? HIDDEN : DisplayText.quoted(text)) + ": " + rule)
            .or(() -> refusedByRules(key, text));
    violation.ifPresent(message -> problems.add(node, path, message));
    if (violation.isEmpty() && key.format() == TextFormat.VARIABLE) {
      rules.secretRemarks(text).forEach(remark -> problems.warn(node, path, remark));
    }
    return violation.isEmpty() ? Optional.of(key.format().normalize(text)) : Optional.empty();
  }

  /** The rules that depend on the machine and on the source of the config. */
  private Optional<String> refusedByRules(ConfigKey key, String text) {
    return switch (key.format()) {
      case FILE -> rules.inputFileRefusal(text).map(why -> DisplayText.quoted(text) + ": " + why);
      case VARIABLE -> variableRefusal(text).or(() -> rules.secretFault(text));
      default -> Optional.empty();
    };
  }

  private Optional<String> variableRefusal(String name) {
    if (!rules.secretAllowed(name)) {
      return Optional.of(
          HIDDEN
              + ": not a variable that this config may name ("
              + rules.secretsProperty()
              + "); write the name of a variable, never the key itself");
    }
    return rules.secretSet(name)
        ? Optional.empty()
        : Optional.of(
            (SecretNames.looksLikeName(name) ? "the variable " + name : "the variable named here")
                + " is set neither in the environment nor in .caravan/keys.env");
  }

  private static String display(ConfigKey key, Scalar scalar) {
    return key.mayHoldSecret() ? HIDDEN : DisplayText.quoted(scalar.raw());
  }

  /** Whether a message must not repeat this value. */
  static boolean mustHide(ConfigKey key, String text) {
    boolean isUrl = key.format() == TextFormat.URL || text.contains("://");
    return key.mayHoldSecret() || (isUrl && text.matches("(?s).*[@?#].*"));
  }

  private static String hint(ConfigKey key, Scalar scalar, String path) {
    if (key.type() == ConfigKey.Type.DURATION) {
      String raw = scalar.raw();
      return raw.matches("[0-9]{1,6}") ? "; for seconds, write " + raw + "s" : "";
    }
    boolean sweepable = path.startsWith(BaseSection.PATH) || path.startsWith(SweepsSection.PATH);
    if (sweepable && scalar.raw().contains(",")) {
      return SWEEP_HINT;
    }
    boolean needsQuotes = key.type() == ConfigKey.Type.STRING && scalar.value().isPresent();
    return needsQuotes ? "; YAML reads it as " + scalar.kind() + ", so put it in quotes" : "";
  }

  private static BigDecimal hours(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis()).divide(HOUR, MathContext.DECIMAL64);
  }

  private static String expected(ConfigKey key) {
    return switch (key.type()) {
      case INTEGER -> "a whole number" + key.range().describe();
      case NUMBER -> "a number" + key.range().describe();
      case RATE -> "a number" + key.range().describe() + ", or inf for no limit";
      case BOOLEAN -> "true or false";
      case DURATION -> "a duration such as 250ms, 30s, 5m or 1h" + key.range().describe() + " h";
      default -> key.choices().isEmpty() ? "a string" : oneOf(key.choices());
    };
  }

  /** {@code one of chat, completions}; long lists are shortened. */
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
