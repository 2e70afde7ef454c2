package dev.caravan.fleet.protocol;

import java.util.UUID;
import java.util.regex.Pattern;

/** Names one sending of a run: 32 hex digits, so that it may be part of a file name. */
public final class DeliveryId {

  private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");

  private DeliveryId() {}

  /** One that nobody had before. */
  public static String fresh() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /** Whether the text is one. */
  public static boolean isOne(String text) {
    return text != null && FORM.matcher(text).matches();
  }
}
