package dev.caravan.observe.http;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Percent-encodes texts for URL paths. */
final class UrlPaths {

  private static final String WILDCARD = "*";
  private static final Pattern LEADS_ELSEWHERE =
      Pattern.compile("(^|/)\\.{1,2}(/|$)|\\\\|\\p{Cntrl}");

  private UrlPaths() {}

  /** Percent-encodes each segment; slashes stay. */
  static String path(String text) {
    return Arrays.stream(text.split("/", -1))
        .map(UrlPaths::segment)
        .collect(Collectors.joining("/"));
  }

  /**
   * The decoded parameters of a path.
   *
   * @throws HttpProblemException with status 400 if one of them leads to another folder
   */
  static Map<String, String> checked(Map<String, String> parameters) throws HttpProblemException {
    Map<String, String> checked = new HashMap<>(parameters);
    if (checked.containsKey(WILDCARD)) { // the only parameter that Vert.x does not decode
      checked.put(WILDCARD, decoded(checked.get(WILDCARD)));
    }
    for (String value : checked.values()) {
      if (LEADS_ELSEWHERE.matcher(value).find()) {
        throw new HttpProblemException(400, "invalid path");
      }
    }
    return checked;
  }

  /**
   * Decodes a part of a URL in which {@code +} is a plus sign.
   *
   * @throws HttpProblemException with status 400 if it is not valid percent-encoding
   */
  static String decoded(String text) throws HttpProblemException {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new HttpProblemException(400, "the URL has invalid percent-encoding");
    }
  }

  private static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
