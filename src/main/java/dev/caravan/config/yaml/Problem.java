package dev.caravan.config.yaml;

import dev.caravan.config.text.DisplayText;

/**
 * One thing that is wrong with a config.
 *
 * @param line from 1; 0 when it concerns the file as a whole
 * @param column from 1; 0 when it concerns the file as a whole
 * @param path the key path, such as {@code base_config.concurrency}; empty for the file as a whole
 * @param message the quoted value, the rule it breaks and, where there is one, the nearest right
 *     key
 */
public record Problem(int line, int column, String path, String message) {

  /** One line for people: {@code file:line:column: path: message}. */
  public String text(String file) {
    String name = DisplayText.bare(file);
    String where = line > 0 ? name + ":" + line + ":" + column : name;
    return where + ": " + (path.isEmpty() ? "" : path + ": ") + message;
  }
}
