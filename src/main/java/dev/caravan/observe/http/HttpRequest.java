package dev.caravan.observe.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP request.
 *
 * @param method such as {@code GET}
 * @param path as it stands in the request line, not decoded, without the query
 * @param query its decoded parameters; the last of a name counts
 * @param headers by lower-case name
 * @param body its bytes; empty when there are none
 * @param remote address of who asks
 */
public record HttpRequest(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body,
    String remote) {

  public HttpRequest {
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  /** A header; empty when it is absent. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** Whether it may change something. */
  boolean writes() {
    return !method.equals("GET") && !method.equals("HEAD");
  }

  /** A cookie of this name. */
  Optional<String> cookie(String name) {
    for (String part : header("cookie").orElse("").split(";")) {
      String[] pair = part.strip().split("=", 2);
      if (pair.length == 2 && pair[0].equals(name)) {
        return Optional.of(pair[1]);
      }
    }
    return Optional.empty();
  }

  /** The body as text. */
  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The fields of a form that a browser sent; none when the body is no form. */
  Map<String, String> form() {
    boolean isForm =
        header("content-type").orElse("").startsWith("application/x-www-form-urlencoded");
    return isForm ? fields(text()) : Map.of();
  }

  /** A parameter of the query as a whole number within limits. */
  int number(String name, int byDefault, int most) throws HttpProblemException {
    try {
      int value = Integer.parseInt(query.getOrDefault(name, String.valueOf(byDefault)));
      if (value >= 0 && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new HttpProblemException(400, name + " must be a whole number from 0 to " + most);
  }

  /** Decodes {@code a=b&c=d}. */
  public static Map<String, String> fields(String encoded) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String pair : encoded.split("&")) {
      String[] parts = pair.split("=", 2);
      if (!parts[0].isEmpty()) {
        fields.put(decoded(parts[0]), parts.length > 1 ? decoded(parts[1]) : "");
      }
    }
    return fields;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // no percent-encoding
    }
  }
}
