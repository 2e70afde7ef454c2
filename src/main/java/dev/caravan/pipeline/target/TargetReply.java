package dev.caravan.pipeline.target;

import java.util.Optional;

/**
 * What a target answered to a probe.
 *
 * @param code HTTP status
 * @param location the Location header
 * @param retryAfter the Retry-After header
 * @param body the first 64 KiB of the body as text
 */
public record TargetReply(
    int code, Optional<String> location, Optional<String> retryAfter, String body) {

  /** This reply with every echo of the key masked; some servers quote the key they refuse. */
  public TargetReply without(String key) {
    return key.isBlank()
        ? this
        : new TargetReply(
            code,
            location.map(text -> masked(text, key)),
            retryAfter.map(text -> masked(text, key)),
            masked(body, key));
  }

  private static String masked(String text, String key) {
    return text.replace(key, "<key>");
  }
}
