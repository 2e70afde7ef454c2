package dev.caravan.observe.http;

import java.util.Map;

/** A request that is answered by an error (RFC 9457). */
final class HttpProblemException extends Exception {

  private final int status;
  private final transient Map<String, Object> further;

  HttpProblemException(int status, String detail) {
    this(status, detail, Map.of());
  }

  /** With further members of the problem document. */
  HttpProblemException(int status, String detail, Map<String, Object> further) {
    super(detail);
    this.status = status;
    this.further = Map.copyOf(further);
  }

  int status() {
    return status;
  }

  Map<String, Object> further() {
    return further;
  }
}
