package dev.caravan.observe.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decides which requests are allowed: the Host header must be an IP address or a known name (which
 * defeats DNS rebinding), cross-site requests must not change or load anything, and every request
 * needs the token when one is configured.
 */
final class AccessFilter {

  private static final Pattern IP_ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.]+]");
  private static final Set<String> PUBLIC_PATHS = Set.of("/login", "/observe/health/live");
  private static final String STATIC_PREFIX = "/static/";
  private static final String BEARER_PREFIX = "Bearer ";

  private final Set<String> hostNames;
  private final Optional<Session> session;

  /**
   * Creates a filter.
   *
   * @param hostNames accepted host names, in lower case
   * @param session checks the token and the session cookie; empty when no token is configured
   */
  AccessFilter(Set<String> hostNames, Optional<Session> session) {
    this.hostNames = Set.copyOf(hostNames);
    this.session = session;
  }

  /**
   * Checks a request.
   *
   * @throws HttpProblemException with status 421, 403 or 401 when the request is not allowed
   */
  void check(HttpRequest request) throws HttpProblemException {
    String host = request.header("host").orElse("");
    if (!isKnownHost(host)) {
      throw new HttpProblemException(421, "unknown host name; caravan.http.names can allow it");
    }
    boolean hasToken = hasToken(request);
    if (request.writes() && !hasToken && !isSameOrigin(request, host)) {
      throw new HttpProblemException(403, "cross-site requests must not change anything");
    }
    if (!request.writes() && !hasToken && isCrossSiteLoad(request)) {
      throw new HttpProblemException(403, "other sites may link here but not load anything");
    }
    if (session.isPresent() && !isPublic(request) && !hasToken && !isSignedIn(request)) {
      throw new HttpProblemException(
          401, "a token is required: send \"Authorization: Bearer …\" or sign in");
    }
  }

  /** Whether the request needs no token. */
  static boolean isPublic(HttpRequest request) {
    return PUBLIC_PATHS.contains(request.path()) || request.path().startsWith(STATIC_PREFIX);
  }

  private boolean hasToken(HttpRequest request) {
    String value = request.header("authorization").orElse("");
    return session.isPresent()
        && value.startsWith(BEARER_PREFIX)
        && session.get().isToken(value.substring(BEARER_PREFIX.length()).strip());
  }

  private boolean isSignedIn(HttpRequest request) {
    return request.cookie(Session.COOKIE).filter(session.orElseThrow()::isValid).isPresent();
  }

  private boolean isKnownHost(String host) {
    String name = host.replaceFirst(":[0-9]{1,5}$", "").toLowerCase(Locale.ROOT);
    return IP_ADDRESS.matcher(name).matches() || hostNames.contains(name);
  }

  /**
   * Browsers send Origin or Sec-Fetch-Site with every form and script request; other clients send
   * neither and pass.
   */
  private static boolean isSameOrigin(HttpRequest request, String host) {
    String site = request.header("sec-fetch-site").orElse("same-origin");
    return (site.equals("same-origin") || site.equals("none"))
        && request.header("origin").map(origin -> isHost(origin, host)).orElse(true);
  }

  /**
   * Whether another site's page loads an image, script or frame from here. That could trigger
   * expensive reports while a run is measured.
   */
  private static boolean isCrossSiteLoad(HttpRequest request) {
    String site = request.header("sec-fetch-site").orElse("none");
    return (site.equals("cross-site") || site.equals("same-site"))
        && !(request.header("sec-fetch-mode").orElse("navigate").equals("navigate")
            && request.header("sec-fetch-dest").orElse("document").equals("document"));
  }

  private static boolean isHost(String origin, String host) {
    try {
      return host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Compares in constant time, so that timing does not reveal where the texts differ. */
  static boolean constantTimeEquals(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
