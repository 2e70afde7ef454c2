package dev.caravan.pipeline.target;

import dev.caravan.pipeline.process.SecretForms;
import java.util.Comparator;
import java.util.Optional;

/**
 * The HTTP response of a target to a probe.
 *
 * @param code HTTP status code
 * @param location the Location header
 * @param retryAfter the Retry-After header
 * @param body the first 64 KiB of the body as text
 */
public record TargetReply(
    int code, Optional<String> location, Optional<String> retryAfter, String body) {

  /**
   * Whether the target is up and does not accept the request as it is; other requests may be
   * accepted.
   */
  public boolean isRefusal() {
    boolean busy = code == 408 || code == 425 || code == 429;
    return !busy && code < 500;
  }

  /** A copy with the key masked, because some servers quote the key they reject. */
  public TargetReply withMasked(String key) {
    return key.isBlank()
        ? this
        : new TargetReply(
            code,
            location.map(text -> masked(text, key)),
            retryAfter.map(text -> masked(text, key)),
            masked(body, key));
  }

  /** A copy with another body. */
  public TargetReply withBody(String text) {
    return new TargetReply(code, location, retryAfter, text);
  }

  private static String masked(String text, String key) {
    return SecretForms.of(key).stream()
        .sorted(Comparator.comparingInt(String::length).reversed())
        .reduce(text, (masked, form) -> masked.replace(form, "<key>"));
  }
}
