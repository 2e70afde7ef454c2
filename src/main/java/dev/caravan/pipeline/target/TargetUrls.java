package dev.caravan.pipeline.target;

import dev.caravan.config.Parameters;
import dev.caravan.config.ReadinessRules;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Joins a run's {@code url} with paths as aiperf 0.13.0 joins them (its
 * transports/aiohttp_transport.py): a path prefix is kept, a base that already ends in the path is
 * left as it is, and a base that ends in {@code /v1} shares it with a path that starts with it.
 */
public final class TargetUrls {

  /** What is asked when a config names no {@code health_check_endpoint}. */
  public static final String DEFAULT_HEALTH = "/v1/models";

  private static final String NO_PROBE = "none";
  private static final Pattern URL =
      Pattern.compile("(?i)(https?://)(?:[^/?#]*@)?([^/?#]+)([^?#]*)(?s:.*)");
  private static final String PLAIN = "-._~!$&'()*+,;=:@/?";

  private TargetUrls() {}

  /** The url that tells whether a run's target is ready, by the rules of its batch. */
  public static Optional<URI> probe(Parameters run, ReadinessRules rules) {
    return probe(run.url(), run.endpoint(), rules.endpoint(run));
  }

  /**
   * The url to probe: the base, cut back when it already ends in the run's endpoint, and the health
   * path. Empty when {@code health} is {@code none}.
   *
   * @throws IllegalArgumentException when {@code url} is not http or https
   */
  public static Optional<URI> probe(String url, String endpoint, Optional<String> health) {
    String path = health.orElse(DEFAULT_HEALTH);
    if (path.equalsIgnoreCase(NO_PROBE)) {
      return Optional.empty();
    }
    Matcher parts = parts(url);
    String base = cutBack(basePath(parts), endpoint);
    return Optional.of(uri(parts, join(base, path)));
  }

  /**
   * The url that aiperf will send the requests of a run to.
   *
   * @throws IllegalArgumentException when {@code url} is not http or https
   */
  public static URI requests(String url, String endpoint) {
    Matcher parts = parts(url);
    return uri(parts, join(basePath(parts), endpoint));
  }

  private static Matcher parts(String url) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException("url is not http://host or https://host");
    }
    return parts;
  }

  private static String basePath(Matcher parts) {
    return parts.group(3).replaceAll("/+$", "");
  }

  private static String cutBack(String base, String endpoint) {
    String tail = "/" + relative(endpoint);
    return tail.length() > 1 && base.endsWith(tail)
        ? base.substring(0, base.length() - tail.length())
        : base;
  }

  private static String join(String base, String path) {
    String sub = relative(path);
    if (sub.isEmpty() || base.endsWith("/" + sub)) {
      return base;
    }
    boolean shared = base.endsWith("/v1") && sub.startsWith("v1/");
    return base + (shared ? sub.substring(2) : "/" + sub);
  }

  private static String relative(String path) {
    return path.replaceAll("^/+", "");
  }

  private static URI uri(Matcher parts, String path) {
    return URI.create(parts.group(1) + parts.group(2) + encoded(path));
  }

  /** Encodes what no url may hold and leaves what is encoded already. */
  private static String encoded(String path) {
    StringBuilder text = new StringBuilder();
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      boolean plain = isPlain(bytes[i]) || bytes[i] == '%' && isHex(bytes, i + 1);
      text.append(plain ? String.valueOf((char) bytes[i]) : String.format("%%%02X", bytes[i]));
    }
    return text.toString();
  }

  private static boolean isPlain(byte b) {
    return b > 0 && (Character.isLetterOrDigit(b) || PLAIN.indexOf(b) >= 0);
  }

  private static boolean isHex(byte[] bytes, int at) {
    return at + 1 < bytes.length
        && Character.digit(bytes[at], 16) >= 0
        && Character.digit(bytes[at + 1], 16) >= 0;
  }
}
