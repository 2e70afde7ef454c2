package dev.caravan.config.yaml;

import dev.caravan.config.text.PythonText;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The value of a YAML scalar as PyYAML constructs it (its constructor.py): String, BigInteger,
 * Double, Boolean, or empty for null. A date is kept as the string written, with the kind "a date".
 *
 * @param kind its type as messages name it, such as {@code a number}
 * @param raw as written, without quotes
 * @param value the value; empty for null
 */
public record Scalar(String kind, String raw, Optional<Object> value) {

  /** Longer numbers are valid for no key, and converting them would take long. */
  private static final int MAX_DIGITS = 40;

  private static final int SIXTY = 60;
  private static final Pattern TAGGED_NUMBER =
      Pattern.compile("[-+]?[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?");
  private static final Set<String> TRUE = Set.of("yes", "true", "on");
  private static final Set<String> ALLOWED_TAGS =
      Set.of("str", "int", "float", "bool", "null", "timestamp", "merge");

  /** Reads a scalar. */
  public static Scalar of(ScalarNode node) {
    String raw = node.getValue();
    Tag tag = node.getTag();
    if (tag.equals(Tag.NULL)) {
      return new Scalar("null", raw, Optional.empty());
    }
    if (tag.equals(Tag.BOOL)) {
      return new Scalar("a boolean", raw, Optional.of(TRUE.contains(raw.toLowerCase(Locale.ROOT))));
    }
    if (tag.equals(Tag.INT) && isShort(raw) && PyYamlResolver.INTEGER.matcher(raw).matches()) {
      return integer(raw).map(i -> of("a number", raw, i)).orElseGet(() -> string(raw));
    }
    if (tag.equals(Tag.FLOAT) && isShort(raw) && isNumber(raw)) {
      return of("a number", raw, number(raw));
    }
    return tag.equals(Tag.TIMESTAMP) ? of("a date", raw, raw) : string(raw);
  }

  /** Whether the node's tag, explicit or resolved, is allowed in a config. */
  public static boolean hasAllowedTag(ScalarNode node) {
    String tag = node.getTag().getValue();
    return tag.startsWith(Tag.PREFIX) && ALLOWED_TAGS.contains(tag.substring(Tag.PREFIX.length()));
  }

  /**
   * What a number means if that is not what most people read: {@code 4202 (base 60)} for {@code
   * 1:10:2}; empty for any other value.
   */
  public Optional<String> surprisingMeaning() {
    if (!(value.orElse("") instanceof Number number)) {
      return Optional.empty();
    }
    String digits = raw.replaceFirst("^[-+]", "");
    if (digits.contains(":")) {
      return Optional.of(PythonText.plain(number) + " (base 60)");
    }
    boolean octal =
        number instanceof BigInteger whole
            && digits.matches("0[0-7_]+")
            && !new BigInteger(digits.replace("_", "")).equals(whole.abs());
    return octal ? Optional.of(number + " (octal, because of the leading 0)") : Optional.empty();
  }

  /** Whether it is a string. */
  public boolean isString() {
    return kind.equals("a string");
  }

  private static Scalar string(String raw) {
    return of("a string", raw, raw);
  }

  private static Scalar of(String kind, String raw, Object value) {
    return new Scalar(kind, raw, Optional.of(value));
  }

  /** With a tag, also what without one would be a whole number or a string. */
  private static boolean isNumber(String raw) {
    return PyYamlResolver.NUMBER.matcher(raw).matches() || TAGGED_NUMBER.matcher(raw).matches();
  }

  private static boolean isShort(String raw) {
    return raw.length() <= MAX_DIGITS;
  }

  private static Optional<Object> integer(String raw) {
    String text = raw.replace("_", "");
    boolean negative = text.startsWith("-");
    String digits = text.replaceFirst("^[-+]", "");
    BigInteger magnitude;
    if (digits.contains(":")) {
      magnitude = sexagesimal(digits);
    } else {
      int base = base(digits);
      String plain = base == 10 ? digits : digits.replaceFirst("^0[bx]?", "");
      if (plain.isEmpty()) {
        return Optional.empty();
      }
      magnitude = new BigInteger(plain, base);
    }
    return Optional.of(negative ? magnitude.negate() : magnitude);
  }

  private static int base(String digits) {
    if (digits.startsWith("0b")) {
      return 2;
    }
    if (digits.startsWith("0x")) {
      return 16;
    }
    return digits.startsWith("0") && digits.length() > 1 ? 8 : 10;
  }

  private static BigInteger sexagesimal(String digits) {
    BigInteger sum = BigInteger.ZERO;
    for (String part : digits.split(":")) {
      sum = sum.multiply(BigInteger.valueOf(SIXTY)).add(new BigInteger(part));
    }
    return sum;
  }

  private static Double number(String raw) {
    String text = raw.replace("_", "").toLowerCase(Locale.ROOT);
    boolean negative = text.startsWith("-");
    String digits = text.replaceFirst("^[-+]", "");
    double magnitude =
        switch (digits) {
          case ".inf" -> Double.POSITIVE_INFINITY;
          case ".nan" -> Double.NaN;
          default ->
              digits.contains(":") ? sexagesimalFraction(digits) : Double.parseDouble(digits);
        };
    return negative ? -magnitude : magnitude;
  }

  private static double sexagesimalFraction(String digits) {
    double sum = 0;
    for (String part : digits.split(":")) {
      sum = sum * SIXTY + Double.parseDouble(part);
    }
    return sum;
  }
}
