package dev.caravan.tools.simulator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The required API key. {@code toString} hides it, so that it cannot end up in a log. */
public final class BearerAuth {

  private final byte[] header;

  /**
   * Requires this key.
   *
   * @throws IllegalArgumentException when the key is blank
   */
  public BearerAuth(String key) {
    if (key.isBlank()) {
      throw new IllegalArgumentException("the API key is empty");
    }
    header = ("Bearer " + key).getBytes(StandardCharsets.UTF_8);
  }

  /** Whether an Authorization header holds this key; compares in constant time. */
  boolean matches(String authorization) {
    return MessageDigest.isEqual(header, authorization.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "BearerAuth[hidden]";
  }
}
