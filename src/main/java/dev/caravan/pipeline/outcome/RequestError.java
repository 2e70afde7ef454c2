package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Why a request failed.
 *
 * @param kind what the error says about the target
 * @param label a short name by which errors are counted, such as {@code 401 Unauthorized}
 * @param message the message of the target or the client, on one line; may be empty
 */
public record RequestError(Kind kind, String label, String message) {

  private static final int MAX_LABEL = 80;
  private static final int MAX_MESSAGE = 240;

  /** What a failed request says about the target. */
  public enum Kind {
    /** The target does not accept the key, or requires one: HTTP 401 or 403. */
    UNAUTHORIZED,
    /** The target does not serve the model: HTTP 400 or 404 with a message about the model. */
    UNKNOWN_MODEL,
    /** The target does not have the path: HTTP 404 or 405. */
    UNKNOWN_ENDPOINT,
    /** The connection could not be made, or broke. */
    CONNECTION,
    /** None: aiperf broke the request off itself, as {@code request_cancellation_rate} asks. */
    BROKEN_OFF,
    /** Anything else. */
    OTHER
  }

  /**
   * An error as AIPerf 0.13 writes it: {@code error} in the request log, {@code error_details} in
   * the summary.
   */
  record Details(
      JsonNode code, String type, String message, String cause, List<String> causeChain) {

    RequestError error() {
      List<String> causes = causeChain == null ? List.of() : texts(causeChain);
      int status = code == null ? 0 : code.asInt(0);
      String text = status == 0 && cause != null ? cause : Objects.toString(message, "");
      return of(status, Objects.toString(type, ""), text, causes);
    }
  }

  private static List<String> texts(List<String> causes) {
    return causes.stream().filter(Objects::nonNull).toList();
  }

  /**
   * Classifies a reply that is not a completion.
   *
   * @param code HTTP status
   */
  public static RequestError ofReply(int code, String body) {
    return of(code, "", body, List.of());
  }

  /**
   * Classifies an error.
   *
   * @param code HTTP status; 0 when there was no reply
   * @param type the HTTP reason phrase, or the name of the exception
   * @param causes names of the exceptions that caused it, outermost first
   */
  static RequestError of(int code, String type, String message, List<String> causes) {
    Kind kind = RequestErrorText.kind(code, type, message, causes);
    String label = RequestErrorText.label(code, type, causes);
    return new RequestError(
        kind,
        OneLine.line(label, MAX_LABEL),
        OneLine.line(RequestErrorText.message(type, message), MAX_MESSAGE));
  }

  /** A copy without its message, for counting when there are too many different messages. */
  RequestError withoutMessage() {
    return new RequestError(kind, label, "");
  }

  /** Whether the message adds anything to the label. */
  boolean hasDetail() {
    return !message.isEmpty()
        && !(" " + label).toLowerCase(Locale.ROOT).endsWith(" " + message.toLowerCase(Locale.ROOT));
  }
}
