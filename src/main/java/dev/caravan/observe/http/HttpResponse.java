package dev.caravan.observe.http;

import dev.caravan.storage.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP answer.
 *
 * @param status its code
 * @param headers in order
 * @param body what it carries
 */
public record HttpResponse(int status, Map<String, String> headers, Body body) {

  /** What an answer carries. */
  public sealed interface Body {}

  /** Bytes that are there. */
  public record Bytes(byte[] content) implements Body {}

  /** A part of a file. */
  public record Part(Path file, long offset, long length) implements Body {}

  /** The events after this id, or those that come; of one batch, unless its id is empty. */
  public record Stream(Optional<String> after, String batch) implements Body {}

  /** Tells an open page that something changed; several changes at once are one. */
  public record PageStream() implements Body {}

  private static final Map<Integer, String> TITLES =
      Map.ofEntries(
          Map.entry(400, "Bad request"),
          Map.entry(401, "Not signed in"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not found"),
          Map.entry(405, "Method not allowed"),
          Map.entry(409, "Conflict"),
          Map.entry(413, "Too large"),
          Map.entry(416, "Range not satisfiable"),
          Map.entry(421, "Misdirected request"),
          Map.entry(422, "Config refused"),
          Map.entry(500, "Internal error"),
          Map.entry(503, "Not now"));

  /** A value as JSON. */
  static HttpResponse json(int status, Object value) {
    return of(status, "application/json", Json.file(value));
  }

  /** A page, or a part of one. */
  static HttpResponse html(int status, String text) {
    return of(status, "text/html; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** A text of this media type. */
  static HttpResponse of(int status, String type, byte[] content) {
    return new HttpResponse(status, Map.of("Content-Type", type), new Bytes(content));
  }

  /** Another place to look at, after a form. */
  static HttpResponse seeOther(String place) {
    return new HttpResponse(303, Map.of("Location", place), new Bytes(new byte[0]));
  }

  /** What an open page listens to. */
  static HttpResponse pageStream() {
    return new HttpResponse(200, Map.of("Content-Type", "text/event-stream"), new PageStream());
  }

  /** An error by RFC 9457. */
  static HttpResponse problem(HttpProblemException refused) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("type", "about:blank");
    content.put("title", TITLES.getOrDefault(refused.status(), "Error"));
    content.put("status", refused.status());
    content.put("detail", refused.getMessage());
    content.putAll(refused.further());
    return of(refused.status(), "application/problem+json", Json.file(content));
  }

  /** The same with this header, unless it has one of that name. */
  HttpResponse with(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putIfAbsent(name, value);
    return new HttpResponse(status, all, body);
  }
}
