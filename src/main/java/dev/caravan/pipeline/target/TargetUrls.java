package dev.caravan.pipeline.target;

import dev.caravan.config.Parameters;
import dev.caravan.config.ReadinessRules;
import dev.caravan.config.text.Slashes;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Joins a run's {@code url} and paths like aiperf 0.13.0 (transports/aiohttp_transport.py): keeps a
 * path prefix, does not repeat a path that the base already ends with, and does not repeat {@code
 * /v1} if the base ends and the path starts with it.
 */
public final class TargetUrls {

  /** The path probed if a config has no {@code health_check_endpoint}. */
  public static final String DEFAULT_HEALTH = "/v1/models";

  private static final String NO_PROBE = "none";
  private static final Pattern URL =
      Pattern.compile("(?i)(https?://)(?:[^/?#]*@)?([^/?#]+)([^?#]*)(?s:.*)");

  /** The start of a path that an OpenAI-compatible API serves, after its {@code /v1} or with it. */
  private static final Pattern API_PATH = Pattern.compile("(?:v1|models)(?:[/?]|$)|$");

  private static final String SAFE = "-._~!$&'()*+,;=:@/?";

  private TargetUrls() {}

  /** The URL to probe before a run, by the readiness rules of its batch; empty for no probe. */
  public static Optional<URI> probe(Parameters run, ReadinessRules rules) {
    return probe(run.url(), run.endpoint(), rules.endpoint(run));
  }

  /**
   * The URL to probe: the base, without the run's endpoint if it ends with that, plus the health
   * path. Engines serve their health beside their API, so that only a path of the API follows a
   * {@code /v1} of the base. Empty if {@code health} is {@code none}.
   *
   * @throws IllegalArgumentException if {@code url} is not http or https
   */
  public static Optional<URI> probe(String url, String endpoint, Optional<String> health) {
    String path = health.orElse(DEFAULT_HEALTH);
    if (path.equalsIgnoreCase(NO_PROBE)) {
      return Optional.empty();
    }
    Matcher parts = parts(url);
    String base = withoutEndpoint(basePath(parts), endpoint);
    return Optional.of(uri(parts, join(isOfApi(path) ? base : withoutVersion(base), path)));
  }

  private static boolean isOfApi(String path) {
    return API_PATH.matcher(relative(path)).lookingAt();
  }

  /**
   * The URL of what engines serve beside their API, such as {@code /metrics}: the base, without the
   * run's endpoint and without {@code /v1}, plus the path.
   *
   * @throws IllegalArgumentException if {@code url} is not http or https
   */
  public static URI beside(String url, String endpoint, String path) {
    Matcher parts = parts(url);
    String base = withoutVersion(withoutEndpoint(basePath(parts), endpoint));
    return uri(parts, join(base, path));
  }

  /**
   * The URL that aiperf sends the requests of a run to.
   *
   * @throws IllegalArgumentException if {@code url} is not http or https
   */
  public static URI requests(String url, String endpoint) {
    Matcher parts = parts(url);
    return uri(parts, join(basePath(parts), endpoint));
  }

  private static Matcher parts(String url) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException("url must start with http://host or https://host");
    }
    return parts;
  }

  private static String basePath(Matcher parts) {
    return Slashes.withoutFinal(parts.group(3));
  }

  private static String withoutEndpoint(String base, String endpoint) {
    String suffix = "/" + relative(endpoint);
    return suffix.length() > 1 && base.endsWith(suffix)
        ? base.substring(0, base.length() - suffix.length())
        : base;
  }

  private static String withoutVersion(String base) {
    return base.replaceFirst("/v1$", "");
  }

  private static String join(String base, String path) {
    String relative = relative(path);
    if (relative.isEmpty() || base.endsWith("/" + relative)) {
      return base;
    }
    boolean sharedVersion = base.endsWith("/v1") && relative.startsWith("v1/");
    return base + (sharedVersion ? relative.substring(2) : "/" + relative);
  }

  private static String relative(String path) {
    return path.replaceAll("^/+", "");
  }

  private static URI uri(Matcher parts, String path) {
    return URI.create(parts.group(1) + parts.group(2) + encoded(path));
  }

  /** Percent-encodes characters that a URL may not contain; keeps existing encoding. */
  private static String encoded(String path) {
    StringBuilder text = new StringBuilder();
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      boolean safe = isSafe(bytes[i]) || bytes[i] == '%' && isHex(bytes, i + 1);
      text.append(safe ? String.valueOf((char) bytes[i]) : String.format("%%%02X", bytes[i]));
    }
    return text.toString();
  }

  private static boolean isSafe(byte b) {
    return b > 0 && (Character.isLetterOrDigit(b) || SAFE.indexOf(b) >= 0);
  }

  private static boolean isHex(byte[] bytes, int at) {
    return at + 1 < bytes.length
        && Character.digit(bytes[at], 16) >= 0
        && Character.digit(bytes[at + 1], 16) >= 0;
  }
}
