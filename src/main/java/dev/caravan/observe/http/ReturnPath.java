package dev.caravan.observe.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Where the sign-in page leads to: the page that was asked for. */
final class ReturnPath {

  static final String FIELD = "to";
  static final String OVERVIEW = "/";

  private static final String LOGIN = "/login";

  /** A request line holds it encoded once more. */
  private static final int MAX_LENGTH = 4000;

  /** Browsers take two slashes, and backslashes for them, for the name of another host. */
  private static final Pattern OWN_PAGE = Pattern.compile("/(?!/)[!-\\[\\]-~]*");

  /** Sent without the cookie when another site links here; with it from this page. */
  private static final String FROM_HERE =
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>Caravan</title>
      <meta http-equiv="refresh" content="0;url=%1$s"></head>
      <body><p><a href="%1$s">Sign in</a></p></body></html>
      """;

  private ReturnPath() {}

  /** Leads to the sign-in page, which lets pass who has signed in. */
  static HttpResponse toLogin(HttpRequest request) {
    boolean isLinked = request.header("sec-fetch-site").orElse("").matches("cross-site|same-site");
    return isLinked
        ? HttpResponse.html(401, FROM_HERE.formatted(login(request)))
        : HttpResponse.seeOther(login(request));
  }

  /** The sign-in page that leads to what this request asks for. */
  static String login(HttpRequest request) {
    String asked = request.writes() ? OVERVIEW : checked(request.target());
    return asked.equals(OVERVIEW)
        ? LOGIN
        : LOGIN + "?" + FIELD + "=" + URLEncoder.encode(asked, StandardCharsets.UTF_8);
  }

  /** This path of ours; that of the overview if it leads elsewhere. */
  static String checked(String path) {
    return path.length() <= MAX_LENGTH && OWN_PAGE.matcher(path).matches() ? path : OVERVIEW;
  }
}
