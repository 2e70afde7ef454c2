package dev.caravan.observe.events;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;

/**
 * Signs webhook requests as the Standard Webhooks specification defines: HMAC-SHA256 over {@code
 * id.timestamp.body}.
 */
public final class WebhookSignature {

  private static final String BASE64_PREFIX = "whsec_";

  private WebhookSignature() {}

  /**
   * The value of the header {@code webhook-signature}.
   *
   * @param secret the HMAC key: its UTF-8 bytes, or Base64 after the prefix {@code whsec_}
   * @param id value of {@code webhook-id}
   * @param timestamp value of {@code webhook-timestamp}: seconds since 1970
   */
  public static String of(String secret, String id, long timestamp, String body) {
    byte[] signed =
        new HmacUtils(HmacAlgorithms.HMAC_SHA_256, key(secret))
            .hmac(id + "." + timestamp + "." + body);
    return "v1," + Base64.getEncoder().encodeToString(signed);
  }

  /** Why this cannot be a secret, without showing any of it; empty if it can. */
  public static Optional<String> fault(String secret) {
    try {
      return key(secret).length > 0
          ? Optional.empty()
          : Optional.of("has nothing after " + BASE64_PREFIX);
    } catch (IllegalArgumentException e) {
      return Optional.of("is not Base64 after " + BASE64_PREFIX);
    }
  }

  private static byte[] key(String secret) {
    return secret.startsWith(BASE64_PREFIX)
        ? Base64.getDecoder().decode(secret.substring(BASE64_PREFIX.length()))
        : secret.getBytes(StandardCharsets.UTF_8);
  }
}
