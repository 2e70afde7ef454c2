package dev.caravan.fleet.protocol;

import java.util.UUID;
import java.util.regex.Pattern;

/** Ids for deliveries of runs to workers: 32 hex digits, safe in file names. */
public final class DeliveryId {

  private static final Pattern PATTERN = Pattern.compile("[0-9a-f]{32}");

  private DeliveryId() {}

  /** A new, unique id. */
  public static String random() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /** Whether the text has the form of a delivery id. */
  public static boolean isValid(String text) {
    return text != null && PATTERN.matcher(text).matches();
  }
}
