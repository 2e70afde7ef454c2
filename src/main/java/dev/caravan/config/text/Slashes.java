package dev.caravan.config.text;

/** Takes slashes off paths and URLs, in time proportional to the text. */
public final class Slashes {

  private Slashes() {}

  /** The text without the slashes at its end. */
  public static String withoutFinal(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '/') {
      end--;
    }
    return text.substring(0, end);
  }
}
