package dev.caravan.observe.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The token, and the cookie that stands for it in a browser: a time of expiry and its HMAC by the
 * token. Nothing is kept, so that a restart signs nobody out; a new token signs everybody out.
 */
final class Session {

  static final String COOKIE = "caravan_session";

  private static final Duration LIFE = Duration.ofDays(7);
  private static final String ALGORITHM = "HmacSHA256";

  private final String token;
  private final Supplier<Instant> now;

  Session(String token, Supplier<Instant> now) {
    this.token = token;
    this.now = now;
  }

  boolean isToken(String given) {
    return AccessFilter.equal(given, token);
  }

  /** A cookie from now on, with its attributes. */
  String cookie() {
    String until = String.valueOf(now.get().plus(LIFE).getEpochSecond());
    return COOKIE
        + "="
        + until
        + "."
        + sign(until)
        + "; Path=/; HttpOnly; SameSite=Strict; Max-Age="
        + LIFE.toSeconds();
  }

  /** What takes the cookie away. */
  static String none() {
    return COOKIE + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0";
  }

  /** Whether this value of the cookie is one of ours and not too old. */
  boolean isValid(String value) {
    String[] parts = value.split("\\.", 2);
    if (parts.length < 2 || !parts[0].matches("[0-9]{1,15}")) {
      return false;
    }
    return AccessFilter.equal(parts[1], sign(parts[0]))
        && now.get().isBefore(Instant.ofEpochSecond(Long.parseLong(parts[0])));
  }

  private String sign(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return HexFormat.of()
          .formatHex(mac.doFinal(("caravan session " + text).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }
}
