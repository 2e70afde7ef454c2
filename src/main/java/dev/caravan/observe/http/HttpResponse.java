package dev.caravan.observe.http;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import dev.caravan.storage.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An HTTP response.
 *
 * @param status the status code
 * @param headers in order
 * @param body the content, or what to stream
 */
public record HttpResponse(int status, Map<String, String> headers, Body body) {

  /** The content of a response. */
  public sealed interface Body {}

  /** Content held in memory. */
  public record Bytes(byte[] content) implements Body {}

  /** A range of a file's bytes. */
  public record FileRange(Path file, long offset, long length) implements Body {}

  /**
   * A stream of events (server-sent events).
   *
   * @param after id of the last event the client has seen; empty for new events only
   * @param batch id of the batch to restrict the stream to; empty for all
   */
  public record Events(Optional<String> after, String batch) implements Body {}

  /** A stream that tells an open page to refresh; changes in quick succession are merged. */
  public record PageEvents() implements Body {}

  private record Problem(
      String type,
      String title,
      int status,
      String detail,
      @JsonAnyGetter Map<String, Object> extensions) {}

  private static final Map<Integer, String> TITLES =
      Map.ofEntries(
          Map.entry(400, "Bad request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not found"),
          Map.entry(405, "Method not allowed"),
          Map.entry(409, "Conflict"),
          Map.entry(413, "Too large"),
          Map.entry(416, "Range not satisfiable"),
          Map.entry(421, "Misdirected request"),
          Map.entry(422, "Config refused"),
          Map.entry(500, "Internal error"),
          Map.entry(503, "Service unavailable"));

  /** A JSON response. */
  static HttpResponse json(int status, Object value) {
    return of(status, "application/json", Json.file(value));
  }

  /** An HTML page or fragment. */
  static HttpResponse html(int status, String text) {
    return of(status, "text/html; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** A response of this media type. */
  static HttpResponse of(int status, String type, byte[] content) {
    return new HttpResponse(status, Map.of("Content-Type", type), new Bytes(content));
  }

  /** A redirect after a form was submitted. */
  static HttpResponse seeOther(String location) {
    return new HttpResponse(303, Map.of("Location", location), new Bytes(new byte[0]));
  }

  /** The refresh stream of an open page. */
  static HttpResponse pageEvents() {
    return new HttpResponse(200, Map.of("Content-Type", "text/event-stream"), new PageEvents());
  }

  /** A problem document (RFC 9457). */
  static HttpResponse problem(HttpProblemException problem) {
    Problem content =
        new Problem(
            "about:blank",
            TITLES.getOrDefault(problem.status(), "Error"),
            problem.status(),
            problem.getMessage(),
            problem.extensions());
    return of(problem.status(), "application/problem+json", Json.file(content));
  }

  /** A copy with this header; a header of the same name is kept. */
  HttpResponse with(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putIfAbsent(name, value);
    return new HttpResponse(status, all, body);
  }
}
