package dev.caravan.observe.events;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs webhook requests as the Standard Webhooks specification defines: HMAC-SHA256 over {@code
 * id.timestamp.body}.
 */
public final class WebhookSignature {

  private static final String ALGORITHM = "HmacSHA256";
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
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key(secret), ALGORITHM));
      byte[] signed = (id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8);
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JRE has " + ALGORITHM, e);
    }
  }

  private static byte[] key(String secret) {
    return secret.startsWith(BASE64_PREFIX)
        ? Base64.getDecoder().decode(secret.substring(BASE64_PREFIX.length()))
        : secret.getBytes(StandardCharsets.UTF_8);
  }
}
