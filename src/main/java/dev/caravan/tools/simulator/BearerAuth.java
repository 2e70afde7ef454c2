package dev.caravan.tools.simulator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The API key that callers must show. Its text form hides it, so that it cannot reach a log. */
public final class BearerAuth {

  private final byte[] header;

  /**
   * Takes the key itself.
   *
   * @throws IllegalArgumentException when it is empty
   */
  public BearerAuth(String key) {
    if (key.isBlank()) {
      throw new IllegalArgumentException("the API key is empty");
    }
    header = ("Bearer " + key).getBytes(StandardCharsets.UTF_8);
  }

  /** Whether an Authorization header shows this key; takes the same time wherever they differ. */
  boolean isShownBy(String authorization) {
    return MessageDigest.isEqual(header, authorization.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "BearerKey[hidden]";
  }
}
