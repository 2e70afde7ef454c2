package dev.caravan.config.yaml;

import dev.caravan.config.text.DisplayText;

/**
 * One problem of a config, or one doubtful place.
 *
 * @param line from 1; 0 for the file as a whole, and for an option
 * @param column from 1; 0 for the file as a whole, and for an option
 * @param option the option that gave the value, such as {@code --set base_config.url=…}; empty for
 *     a place in the file
 * @param path the key path, such as {@code base_config.concurrency}; empty for the file as a whole
 * @param message the quoted value, the rule that it breaks and, if there is one, the nearest valid
 *     key
 */
public record Problem(int line, int column, String option, String path, String message) {

  /** A problem of a place in the file, or of the file as a whole. */
  public Problem(int line, int column, String path, String message) {
    this(line, column, "", path, message);
  }

  /** One line for users: {@code file:line:column: path: message}. */
  public String text(String file) {
    String name = DisplayText.unquoted(file);
    String location = line > 0 ? name + ":" + line + ":" + column : name;
    return location + ": " + ofOption() + atPath();
  }

  /** One line for users who know which file it is: {@code line 7: path: message}. */
  public String warning() {
    return (line > 0 ? "line " + line + ": " : ofOption()) + atPath();
  }

  private String ofOption() {
    return option.isEmpty() ? "" : option + ": ";
  }

  /** Without a path that the option names already. */
  private String atPath() {
    boolean isNamed = path.isEmpty() || option.contains(" " + path + "=");
    return (isNamed ? "" : path + ": ") + message;
  }
}
