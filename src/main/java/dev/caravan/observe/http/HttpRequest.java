package dev.caravan.observe.http;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An HTTP request.
 *
 * @param method such as {@code GET}
 * @param path as in the request line: not decoded, without the query
 * @param query decoded parameters, each with all of its values in their order
 * @param headers by lower-case name
 * @param body the raw body; empty when there is none
 * @param remote IP address of the client
 */
record HttpRequest(
    String method,
    String path,
    Map<String, List<String>> query,
    Map<String, String> headers,
    byte[] body,
    String remote) {

  private static final int MAX_FIELDS = 1_000;

  HttpRequest {
    query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
    headers = Map.copyOf(headers);
  }

  /** The value of a header; empty when it is absent. */
  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** Whether the method may change something: neither GET nor HEAD. */
  boolean writes() {
    return !method.equals("GET") && !method.equals("HEAD");
  }

  /** Whether the client is a browser that shows the response to a person. */
  boolean wantsPage() {
    return header("accept").orElse("").contains("text/html");
  }

  /** The value of a query parameter; the last one when it is repeated. */
  Optional<String> parameter(String name) {
    List<String> values = parameters(name);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1));
  }

  /** All values of a query parameter, in their order. */
  List<String> parameters(String name) {
    return query.getOrDefault(name, List.of());
  }

  /** The path with its query. */
  String target() {
    String parameters =
        query.entrySet().stream()
            .flatMap(each -> each.getValue().stream().map(value -> field(each.getKey(), value)))
            .collect(Collectors.joining("&"));
    return parameters.isEmpty() ? path : path + "?" + parameters;
  }

  private static String field(String name, String value) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8)
        + "="
        + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** The value of a cookie. */
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

  /**
   * The fields of a URL-encoded form; empty when the body is not a form.
   *
   * @throws HttpProblemException with status 413 when it has too many: each takes far more memory
   *     than in the body
   */
  Map<String, String> form() throws HttpProblemException {
    boolean isForm =
        header("content-type").orElse("").startsWith("application/x-www-form-urlencoded");
    Map<String, String> form = new LinkedHashMap<>();
    if (isForm) {
      String encoded = text();
      if (encoded.chars().filter(c -> c == '&').limit(MAX_FIELDS).count() == MAX_FIELDS) {
        throw new HttpProblemException(413, "a form has at most " + MAX_FIELDS + " fields");
      }
      fields(encoded).forEach((name, values) -> form.put(name, values.get(values.size() - 1)));
    }
    return form;
  }

  /**
   * A query parameter as a whole number from 0 to {@code max}.
   *
   * @throws HttpProblemException with status 400 when it is anything else
   */
  int number(String name, int defaultValue, int max) throws HttpProblemException {
    try {
      int value = Integer.parseInt(parameter(name).orElse(String.valueOf(defaultValue)));
      if (value >= 0 && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw new HttpProblemException(400, name + " must be a whole number from 0 to " + max);
  }

  /** Decodes URL-encoded fields such as {@code a=b&c=d}. */
  static Map<String, List<String>> fields(String encoded) {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    for (String pair : encoded.split("&")) {
      String[] parts = pair.split("=", 2);
      if (!parts[0].isEmpty()) {
        fields
            .computeIfAbsent(decoded(parts[0]), name -> new ArrayList<>())
            .add(parts.length > 1 ? decoded(parts[1]) : "");
      }
    }
    return fields;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // not valid percent-encoding: keep it as it is
    }
  }
}
