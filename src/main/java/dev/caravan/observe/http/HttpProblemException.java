package dev.caravan.observe.http;

import java.util.Map;

/** Makes the server answer a request with a problem document (RFC 9457). */
final class HttpProblemException extends Exception {

  private final int status;
  private final transient Map<String, Object> extensions;

  HttpProblemException(int status, String detail) {
    this(status, detail, Map.of());
  }

  /** Adds extension members to the problem document. */
  HttpProblemException(int status, String detail, Map<String, Object> extensions) {
    super(detail);
    this.status = status;
    this.extensions = Map.copyOf(extensions);
  }

  int status() {
    return status;
  }

  Map<String, Object> extensions() {
    return extensions;
  }
}
