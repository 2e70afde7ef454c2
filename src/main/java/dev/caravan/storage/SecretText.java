package dev.caravan.storage;

import dev.caravan.config.text.InvisibleText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of a variable as it is used, without what got around it by pasting.
 *
 * @param value the value
 * @param removed what stood around it, in words
 */
record SecretText(String value, List<String> removed) {

  private static final Pattern QUOTED =
      Pattern.compile("([\"'])(.*?)\\1\\s*(?<comment>#.*)?", Pattern.DOTALL);

  private static final Pattern COMMENT = Pattern.compile("(?:^|\\s)#.*", Pattern.DOTALL);
  private static final String COMMENTED = "the comment after it";

  SecretText {
    removed = List.copyOf(removed);
  }

  /** A value as the environment has it. */
  static SecretText ofVariable(String text) {
    String value = InvisibleText.trimmed(text);
    Set<String> removed = new LinkedHashSet<>();
    int from = text.indexOf(value);
    String around = text.substring(0, from) + text.substring(from + value.length());
    around.codePoints().forEach(c -> removed.add(InvisibleText.name(c)));
    return new SecretText(value, List.copyOf(removed));
  }

  /** A value as a line of {@code keys.env} has it: maybe in quotes, maybe with a comment. */
  static SecretText ofLine(String text) {
    String stripped = text.strip();
    Matcher quoted = QUOTED.matcher(stripped);
    if (quoted.matches()) {
      return ofVariable(quoted.group(2)).without(quoted.group("comment") != null);
    }
    Matcher comment = COMMENT.matcher(stripped);
    boolean commented = comment.find();
    return ofVariable(commented ? stripped.substring(0, comment.start()).strip() : stripped)
        .without(commented);
  }

  private SecretText without(boolean comment) {
    return comment ? and(COMMENTED) : this;
  }

  SecretText and(String alsoRemoved) {
    Set<String> all = new LinkedHashSet<>(removed);
    all.add(alsoRemoved);
    return new SecretText(value, List.copyOf(all));
  }

  /** Why nothing passes this value on exactly; empty when it is fine. */
  Optional<String> fault() {
    return value
        .codePoints()
        .filter(Character::isISOControl)
        .boxed()
        .findFirst()
        .map(c -> "has " + InvisibleText.name(c) + " inside (value not shown)");
  }

  /** Why no HTTP header carries this value exactly as a key; empty when one does. */
  Optional<String> headerFault() {
    return value
        .codePoints()
        .filter(c -> c <= ' ' || c > '~')
        .boxed()
        .findFirst()
        .map(c -> "has " + named(c) + " inside, which no API key has (value not shown)");
  }

  private static String named(int c) {
    return InvisibleText.invisible(c)
        ? InvisibleText.name(c)
        : String.format("a character outside ASCII (U+%04X)", c);
  }
}
