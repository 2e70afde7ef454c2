package dev.caravan.observe.compare;

import dev.caravan.pipeline.outcome.OneLine;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;

/** Texts of a batch that somebody else may have made, for sentences and tables. */
final class ComparedText {

  /** More than a variant and a point together have. */
  private static final int MAX = 600;

  private ComparedText() {}

  /** The text on one line, without terminal escapes; empty if there is none. */
  static String of(String text) {
    return OneLine.line(Objects.toString(text, ""), MAX);
  }

  /** The path as it is; empty if there is none, or it cannot be one. */
  static String path(String text) {
    try {
      return Path.of(Objects.toString(text, "")).toString();
    } catch (InvalidPathException e) {
      return "";
    }
  }
}
