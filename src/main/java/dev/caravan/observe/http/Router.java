package dev.caravan.observe.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Dispatches requests to handlers by method and path. */
final class Router {

  /** Handles the requests of one route. */
  interface Handler {

    /**
     * Handles a request.
     *
     * @param path decoded values of the pattern's named segments
     */
    HttpResponse handle(HttpRequest request, Map<String, String> path) throws Exception;
  }

  private record Route(String method, List<String> segments, Handler handler) {}

  private final List<Route> routes = new ArrayList<>();

  /**
   * Adds a route.
   *
   * @param pattern such as {@code /batches/{name}}; a final {@code {rest*}} matches all remaining
   *     segments
   */
  Router on(String method, String pattern, Handler handler) {
    routes.add(new Route(method, List.of(pattern.substring(1).split("/", -1)), handler));
    return this;
  }

  /** Passes the request to the handler of the first matching route. HEAD is served as GET. */
  HttpResponse handle(HttpRequest request) throws Exception {
    List<String> segments = segments(request.path());
    TreeSet<String> allowed = new TreeSet<>();
    for (Route route : routes) {
      Optional<Map<String, String>> named = match(route.segments(), segments);
      if (named.isPresent()) {
        allowed.add(route.method());
        if (route.method().equals(request.method().equals("HEAD") ? "GET" : request.method())) {
          return route.handler().handle(request, named.get());
        }
      }
    }
    if (allowed.isEmpty()) {
      throw new HttpProblemException(404, "page not found");
    }
    return HttpResponse.problem(
            new HttpProblemException(
                405, request.path() + " allows only " + String.join(", ", allowed)))
        .with("Allow", String.join(", ", allowed));
  }

  private static Optional<Map<String, String>> match(List<String> pattern, List<String> path) {
    Map<String, String> named = new LinkedHashMap<>();
    for (int index = 0; index < pattern.size(); index++) {
      String expected = pattern.get(index);
      if (expected.endsWith("*}")) {
        named.put(
            expected.substring(1, expected.length() - 2),
            String.join("/", path.subList(Math.min(index, path.size()), path.size())));
        return Optional.of(named);
      }
      if (index >= path.size()) {
        return Optional.empty();
      }
      if (expected.startsWith("{")) {
        named.put(expected.substring(1, expected.length() - 1), path.get(index));
      } else if (!expected.equals(path.get(index))) {
        return Optional.empty();
      }
    }
    return path.size() == pattern.size() ? Optional.of(named) : Optional.empty();
  }

  /** Decodes each segment once; refuses dot segments and encoded slashes. */
  private static List<String> segments(String path) throws HttpProblemException {
    List<String> segments = new ArrayList<>();
    for (String raw : path.substring(1).split("/", -1)) {
      String segment = decoded(raw);
      if (segment.equals("..")
          || segment.equals(".")
          || segment.indexOf('/') >= 0
          || segment.indexOf('\\') >= 0
          || segment.chars().anyMatch(c -> c < ' ')) {
        throw new HttpProblemException(400, "invalid path");
      }
      segments.add(segment);
    }
    return segments;
  }

  private static String decoded(String raw) throws HttpProblemException {
    try {
      return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new HttpProblemException(400, "the path has invalid percent-encoding");
    }
  }
}
