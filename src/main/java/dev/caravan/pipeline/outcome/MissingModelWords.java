package dev.caravan.pipeline.outcome;

import java.util.List;
import java.util.Locale;

/** The words by which servers say that they do not have the model. */
final class MissingModelWords {

  private static final String MODEL = "model";

  private static final List<String> SUFFICIENT =
      List.of(
          "model_not_found",
          "unknown model",
          "invalid model",
          "no such model",
          "unsupported model",
          "unrecognized model");

  /** Of a model that was named at most {@link #MAX_DISTANCE} characters before. */
  private static final List<String> AFTER_MODEL =
      List.of(
          "not found",
          "does not exist",
          "doesn't exist",
          "not exist",
          "not served",
          "not being served",
          "not available",
          "not loaded",
          "not deployed",
          "is unavailable");

  private static final int MAX_DISTANCE = 200;

  private MissingModelWords() {}

  /** Whether this text has them; in one pass. */
  static boolean in(String message) {
    String text = message.toLowerCase(Locale.ROOT);
    return SUFFICIENT.stream().anyMatch(text::contains) || saysItOfAModel(text);
  }

  private static boolean saysItOfAModel(String text) {
    int named = text.indexOf(MODEL);
    int last = Integer.MIN_VALUE / 2;
    for (int at = named; named >= 0 && at < text.length(); at++) {
      switch (text.charAt(at)) {
        case 'm' -> last = endsModel(text, at) ? at + MODEL.length() : last;
        case 'n', 'd', 'i' -> {
          if (at - last <= MAX_DISTANCE && isMissing(text, at)) {
            return true;
          }
        }
        default -> {}
      }
    }
    return false;
  }

  private static boolean endsModel(String text, int at) {
    return text.startsWith(MODEL, at) && !isWord(text, at + MODEL.length());
  }

  private static boolean isMissing(String text, int at) {
    return !isWord(text, at - 1) && AFTER_MODEL.stream().anyMatch(w -> text.startsWith(w, at));
  }

  private static boolean isWord(String text, int at) {
    return at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_');
  }
}
