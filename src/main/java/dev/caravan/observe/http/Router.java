package dev.caravan.observe.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Finds who answers a request, by method and path. */
final class Router {

  /** Who answers. */
  interface Handler {

    /**
     * Answers.
     *
     * @param ask the request
     * @param path the named segments of its path, decoded
     */
    HttpResponse answer(HttpRequest ask, Map<String, String> path) throws Exception;
  }

  private record Way(String method, String pattern, List<String> segments, Handler handler) {}

  private final List<Way> ways = new ArrayList<>();

  /**
   * Adds a handler.
   *
   * @param pattern such as {@code /batches/{name}}; a last {@code {rest*}} takes all that follows
   */
  Router on(String method, String pattern, Handler handler) {
    ways.add(new Way(method, pattern, List.of(pattern.substring(1).split("/", -1)), handler));
    return this;
  }

  /** All ways as {@code METHOD pattern}. */
  List<String> ways() {
    return ways.stream().map(way -> way.method() + " " + way.pattern()).toList();
  }

  /** Has the request answered. */
  HttpResponse answer(HttpRequest ask) throws Exception {
    List<String> segments = segments(ask.path());
    TreeSet<String> allowed = new TreeSet<>();
    for (Way way : ways) {
      Optional<Map<String, String>> named = match(way.segments(), segments);
      if (named.isPresent()) {
        allowed.add(way.method());
        if (way.method().equals(ask.method().equals("HEAD") ? "GET" : ask.method())) {
          return way.handler().answer(ask, named.get());
        }
      }
    }
    if (allowed.isEmpty()) {
      throw new HttpProblemException(404, "there is nothing at " + ask.path());
    }
    return HttpResponse.problem(
            new HttpProblemException(405, ask.path() + " takes " + String.join(", ", allowed)))
        .with("Allow", String.join(", ", allowed));
  }

  private static Optional<Map<String, String>> match(List<String> pattern, List<String> path) {
    Map<String, String> named = new LinkedHashMap<>();
    for (int at = 0; at < pattern.size(); at++) {
      String wanted = pattern.get(at);
      if (wanted.endsWith("*}")) {
        named.put(
            wanted.substring(1, wanted.length() - 2),
            String.join("/", path.subList(Math.min(at, path.size()), path.size())));
        return Optional.of(named);
      }
      if (at >= path.size()) {
        return Optional.empty();
      }
      if (wanted.startsWith("{")) {
        named.put(wanted.substring(1, wanted.length() - 1), path.get(at));
      } else if (!wanted.equals(path.get(at))) {
        return Optional.empty();
      }
    }
    return path.size() == pattern.size() ? Optional.of(named) : Optional.empty();
  }

  /** Each segment decoded once; none can lead up or hold a slash. */
  private static List<String> segments(String path) throws HttpProblemException {
    List<String> segments = new ArrayList<>();
    for (String raw : path.substring(1).split("/", -1)) {
      String segment = decoded(raw);
      if (segment.equals("..")
          || segment.equals(".")
          || segment.indexOf('/') >= 0
          || segment.indexOf('\\') >= 0
          || segment.chars().anyMatch(c -> c < ' ')) {
        throw new HttpProblemException(400, "no such path");
      }
      segments.add(segment);
    }
    return segments;
  }

  private static String decoded(String raw) throws HttpProblemException {
    try {
      return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new HttpProblemException(400, "the path is not percent-encoded");
    }
  }
}
