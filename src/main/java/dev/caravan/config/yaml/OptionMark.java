package dev.caravan.config.yaml;

import org.yaml.snakeyaml.error.Mark;

/** The position of a node that an option of the command line or the API gave, not a line. */
public final class OptionMark {

  /** No mark of a file has such a name. */
  private static final String PREFIX = "--";

  private static final int[] NO_TEXT = {};

  private OptionMark() {}

  /**
   * A mark for nodes of this option.
   *
   * @param option as messages name it, such as {@code --set base_config.url=…}
   */
  public static Mark of(String option) {
    if (!option.startsWith(PREFIX)) {
      throw new IllegalArgumentException("not an option: " + option);
    }
    return new Mark(option, 0, 0, 0, NO_TEXT, 0);
  }

  /** Whether a mark stands for an option. */
  static boolean is(Mark mark) {
    return mark.getName().startsWith(PREFIX);
  }

  /** The place as a message names it: {@code line 7}, or the option. */
  static String place(Mark mark) {
    return is(mark) ? mark.getName() : "line " + (mark.getLine() + 1);
  }
}
