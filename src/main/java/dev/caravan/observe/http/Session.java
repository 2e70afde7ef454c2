package dev.caravan.observe.http;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;

/**
 * Checks the access token and the session cookie that replaces it in a browser. The cookie holds an
 * expiry time and its HMAC keyed by the token. No state is stored, so a restart keeps everyone
 * signed in; changing the token signs everyone out.
 */
final class Session {

  static final String COOKIE = "caravan_session";

  private static final Duration MAX_AGE = Duration.ofDays(7);

  private final String token;
  private final Supplier<Instant> now;

  Session(String token, Supplier<Instant> now) {
    this.token = token;
    this.now = now;
  }

  boolean isToken(String value) {
    return AccessFilter.constantTimeEquals(value, token);
  }

  /** A Set-Cookie value for a session that starts now. */
  String cookie() {
    String expires = String.valueOf(now.get().plus(MAX_AGE).getEpochSecond());
    return COOKIE
        + "="
        + expires
        + "."
        + sign(expires)
        + "; Path=/; HttpOnly; SameSite=Strict; Max-Age="
        + MAX_AGE.toSeconds();
  }

  /** Whether a cookie value was signed with this token and has not expired. */
  boolean isValid(String value) {
    String[] parts = value.split("\\.", 2);
    if (parts.length < 2 || !parts[0].matches("[0-9]{1,15}")) {
      return false;
    }
    return AccessFilter.constantTimeEquals(parts[1], sign(parts[0]))
        && now.get().isBefore(Instant.ofEpochSecond(Long.parseLong(parts[0])));
  }

  private String sign(String text) {
    return new HmacUtils(HmacAlgorithms.HMAC_SHA_256, token).hmacHex("caravan session " + text);
  }
}
