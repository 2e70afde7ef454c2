package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;

/**
 * Why a request failed, as aiperf recorded it.
 *
 * @param kind what it says of the target
 * @param label short words to count by, such as {@code 401 Unauthorized}
 * @param message what the target or the client said, on one line; may be empty
 */
public record RequestError(Kind kind, String label, String message) {

  private static final int LABEL = 80;
  private static final int MESSAGE = 240;

  /** What a failed request says of the target. */
  public enum Kind {
    /** The target refuses the key, or that there is none: HTTP 401 or 403. */
    UNAUTHORIZED,
    /** The target does not serve the model: HTTP 400 or 404 that speaks of it. */
    MODEL,
    /** The target does not know the path: HTTP 404 or 405. */
    ENDPOINT,
    /** There was no connection, or it broke. */
    CONNECTION,
    OTHER
  }

  /** {@code error} of a request's line, or {@code error_details} of the summary (aiperf 0.13). */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Details(
      JsonNode code,
      String type,
      String message,
      String cause,
      @JsonProperty("cause_chain") List<String> causeChain) {

    RequestError error() {
      List<String> causes = causeChain == null ? List.of() : causeChain;
      int status = code == null ? 0 : code.asInt(0);
      String text = status == 0 && cause != null ? cause : Objects.toString(message, "");
      return of(status, Objects.toString(type, ""), text, causes);
    }
  }

  /**
   * Classes a reply that is no completion.
   *
   * @param code HTTP status
   */
  public static RequestError ofReply(int code, String body) {
    return of(code, "", body, List.of());
  }

  /**
   * Classes an error.
   *
   * @param code HTTP status, 0 when there was no reply
   * @param causes names of the exceptions that led to it, outermost first
   */
  static RequestError of(int code, String type, String message, List<String> causes) {
    Kind kind = RequestErrorText.kind(code, type, message, causes);
    String label = RequestErrorText.label(code, type, causes);
    return new RequestError(
        kind,
        OneLine.line(label, LABEL),
        OneLine.line(RequestErrorText.message(type, message), MESSAGE));
  }

  /** The same without its message, to count by when messages are too many to keep. */
  RequestError withoutMessage() {
    return new RequestError(kind, label, "");
  }

  /** Whether its message says more than its label does. */
  boolean saysMore() {
    return !message.isEmpty() && !(" " + label).endsWith(" " + message);
  }
}
