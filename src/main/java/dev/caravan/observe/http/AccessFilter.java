package dev.caravan.observe.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who may come in: the Host header must be one of ours (a name that an attacker's DNS points here
 * is not), changes must not come from another site's page, and with a token everybody needs it.
 */
final class AccessFilter {

  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.]+]");
  private static final Set<String> WITHOUT_TOKEN = Set.of("/login", "/observe/health/live");
  private static final String STATIC = "/static/";
  private static final String BEARER = "Bearer ";

  private final Set<String> names;
  private final Optional<Session> session;

  /**
   * A door.
   *
   * @param names host names, lower case, by which we may be called
   * @param session the token to ask for; empty for none, on loopback
   */
  AccessFilter(Set<String> names, Optional<Session> session) {
    this.names = Set.copyOf(names);
    this.session = session;
  }

  /** Refuses whoever must not come in. */
  void pass(HttpRequest ask) throws HttpProblemException {
    String host = ask.header("host").orElse("");
    if (!isOurs(host)) {
      throw new HttpProblemException(
          421, "this Caravan is not called so; caravan.http.names can allow it");
    }
    boolean bearer = bearer(ask);
    if (ask.writes() && !bearer && !sameOrigin(ask, host)) {
      throw new HttpProblemException(403, "changes are not taken from pages of another site");
    }
    if (!ask.writes() && !bearer && isLoadedElsewhere(ask)) {
      throw new HttpProblemException(403, "pages of another site may link here, but load nothing");
    }
    boolean open = WITHOUT_TOKEN.contains(ask.path()) || ask.path().startsWith(STATIC);
    if (session.isPresent() && !open && !bearer && !signedIn(ask)) {
      throw new HttpProblemException(
          401, "a token is needed: \"Authorization: Bearer …\", or sign in");
    }
  }

  private boolean bearer(HttpRequest ask) {
    String given = ask.header("authorization").orElse("");
    return session.isPresent()
        && given.startsWith(BEARER)
        && session.get().isToken(given.substring(BEARER.length()).strip());
  }

  private boolean signedIn(HttpRequest ask) {
    return ask.cookie(Session.COOKIE).filter(session.orElseThrow()::isValid).isPresent();
  }

  private boolean isOurs(String host) {
    String name = host.replaceFirst(":[0-9]{1,5}$", "").toLowerCase(Locale.ROOT);
    return ADDRESS.matcher(name).matches() || names.contains(name);
  }

  /** Browsers send Origin or Sec-Fetch-Site with every form and script; other programs neither. */
  private static boolean sameOrigin(HttpRequest ask, String host) {
    String site = ask.header("sec-fetch-site").orElse("same-origin");
    return (site.equals("same-origin") || site.equals("none"))
        && ask.header("origin").map(origin -> isHost(origin, host)).orElse(true);
  }

  /**
   * A picture, script or frame of another site's page: it could have reports made while a run goes
   * on.
   */
  private static boolean isLoadedElsewhere(HttpRequest ask) {
    String site = ask.header("sec-fetch-site").orElse("none");
    return (site.equals("cross-site") || site.equals("same-site"))
        && !(ask.header("sec-fetch-mode").orElse("navigate").equals("navigate")
            && ask.header("sec-fetch-dest").orElse("document").equals("document"));
  }

  private static boolean isHost(String origin, String host) {
    try {
      return host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Compares without telling by its time where the two differ. */
  static boolean equal(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
