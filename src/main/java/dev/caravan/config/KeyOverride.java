package dev.caravan.config;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.yaml.FlowValue;
import dev.caravan.config.yaml.OptionMark;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One override, taken apart.
 *
 * @param mark the option, for messages
 * @param path the keys from the top level of the config down to the one that it sets
 * @param value what it sets
 * @param valueStart where the text of the value starts in the option
 */
record KeyOverride(Mark mark, List<String> path, Node value, int valueStart) {

  static final String NAME = "--name";
  static final String LABEL = "--label";
  static final String SET = "--set";

  private static final String ANY = String.join(", ", NAME, LABEL, SET);

  /** What Java puts for bytes of the command line that are no character of the locale. */
  private static final char UNREADABLE = '\uFFFD';

  private static final String LOCALE =
      "contains characters that did not arrive (U+FFFD); start the command with a UTF-8 locale, such as"
          + " LC_ALL=C.UTF-8";

  private static final int MAX_KEY = 500;
  private static final int MAX_DEPTH = 20;

  /** One part of a key path: a plain name, or any text in double quotes. */
  private static final Pattern PART =
      Pattern.compile(
          "\"(?<quoted>(?:[^\"\\\\]|\\\\[\"\\\\]){1,200}+)\"|(?<plain>[^\".=]{1,200}+)");

  KeyOverride {
    path = List.copyOf(path);
  }

  /** An option that cannot be taken apart: the mark of what was recognised, and why. */
  static final class UnclearException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Mark mark;

    UnclearException(Mark mark, String message, Throwable cause) {
      super(message, cause);
      this.mark = mark;
    }

    Mark mark() {
      return mark;
    }
  }

  /** Takes an option such as {@code --set base_config.concurrency=4} apart. */
  static KeyOverride of(String option) throws UnclearException {
    int space = option.indexOf(' ');
    String name = space < 0 ? option : option.substring(0, space);
    String argument = space < 0 ? "" : option.substring(space + 1);
    if (option.indexOf(UNREADABLE) >= 0) {
      throw new UnclearException(OptionMark.of(known(name)), LOCALE, null);
    }
    return switch (name) {
      case NAME -> {
        Mark mark = OptionMark.of(NAME);
        yield new KeyOverride(mark, List.of(TopSection.NAME), text(argument, mark), space + 1);
      }
      case LABEL -> label(argument, space + 1);
      case SET -> set(argument, space + 1);
      default ->
          throw new UnclearException(
              OptionMark.of(ANY),
              "an override must be one of these options, a space and a value",
              null);
    };
  }

  private static String known(String name) {
    return List.of(NAME, LABEL, SET).contains(name) ? name : ANY;
  }

  /** The value of a label is text, whatever it looks like. */
  private static KeyOverride label(String argument, int start) throws UnclearException {
    int equals = argument.indexOf('=');
    if (equals < 0) {
      throw new UnclearException(OptionMark.of(LABEL), "must be NAME=TEXT", null);
    }
    String name = argument.substring(0, equals);
    Mark mark = OptionMark.of(LABEL + " " + DisplayText.key(name) + "=…");
    Node value = text(argument.substring(equals + 1), mark);
    return new KeyOverride(mark, List.of(LabelsSection.PATH, name), value, start + equals + 1);
  }

  private static KeyOverride set(String argument, int start) throws UnclearException {
    List<String> path = new ArrayList<>();
    Matcher part = PART.matcher(argument);
    int at = 0;
    do {
      if (at > MAX_KEY || path.size() == MAX_DEPTH || !part.find(at) || part.start() != at) {
        throw unclearKey();
      }
      path.add(name(part));
      at = part.end() + 1;
    } while (at <= argument.length() && argument.charAt(at - 1) == '.');
    if (at > argument.length() || argument.charAt(at - 1) != '=') {
      throw unclearKey();
    }
    Mark mark = OptionMark.of(SET + " " + pathText(path) + "=…");
    try {
      Node value = FlowValue.read(argument.substring(at), mark);
      return new KeyOverride(mark, path, value, start + at);
    } catch (IllegalArgumentException e) {
      throw new UnclearException(mark, e.getMessage(), e);
    }
  }

  private static UnclearException unclearKey() {
    return new UnclearException(
        OptionMark.of(SET),
        "must be KEY=VALUE or SECTION.KEY=VALUE, such as base_config.concurrency=4; a key with \".\" or"
            + " \"=\" is written in double quotes",
        null);
  }

  private static String name(Matcher part) {
    return part.group("plain") != null
        ? part.group("plain")
        : part.group("quoted").replaceAll("\\\\([\"\\\\])", "$1");
  }

  /** The same place with another value. */
  KeyOverride with(Node other) {
    return new KeyOverride(mark, path, other, valueStart);
  }

  /** The key path as messages show it. */
  static String pathText(List<String> path) {
    return String.join(".", path.stream().map(DisplayText::key).toList());
  }

  private static Node text(String text, Mark mark) {
    return new ScalarNode(Tag.STR, text, mark, mark, ScalarStyle.DOUBLE_QUOTED);
  }
}
