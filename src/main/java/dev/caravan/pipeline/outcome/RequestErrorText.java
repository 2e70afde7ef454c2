package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.pipeline.outcome.RequestError.Kind;
import dev.caravan.storage.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Classifies a failed request by its status, exceptions and message. */
final class RequestErrorText {

  /** Connection errors of aiohttp, which AIPerf 0.13 uses, and of Python. */
  private static final Set<String> CONNECTION_ERRORS =
      Set.of(
          "ClientConnectorError",
          "ClientConnectorDNSError",
          "ClientConnectionError",
          "ClientConnectionResetError",
          "ClientOSError",
          "ClientPayloadError",
          "ClientProxyConnectionError",
          "ConnectionTimeoutError",
          "ServerConnectionError",
          "ServerDisconnectedError",
          "ConnectionError",
          "ConnectionRefusedError",
          "ConnectionResetError",
          "ConnectionAbortedError",
          "BrokenPipeError");

  private static final Map<String, String> PLAIN_NAMES =
      Map.of(
          "ConnectionRefusedError", "connection refused",
          "ConnectionResetError", "connection reset",
          "ClientConnectionResetError", "connection reset",
          "ConnectionAbortedError", "connection aborted",
          "BrokenPipeError", "connection closed by the target",
          "ClientConnectorDNSError", "host name not found",
          "ConnectionTimeoutError", "connection timed out",
          "ServerDisconnectedError", "server disconnected",
          "ClientPayloadError", "connection lost during the response",
          "InvalidInferenceResultError", "invalid response");

  /** What AIPerf 0.13 writes of a request that it cancels because it was asked to. */
  private static final String BROKEN_OFF = "RequestCancellationError";

  private static final String BROKEN_OFF_MESSAGE = "s after being sent";

  private static final int MAX_READ = 4_000;

  private RequestErrorText() {}

  static Kind kind(int code, String type, String message, List<String> causes) {
    if (code == 401 || code == 403) {
      return Kind.UNAUTHORIZED;
    }
    if ((code == 400 || code == 404) && saysModelNotServed(message)) {
      return Kind.UNKNOWN_MODEL;
    }
    if (code == 404 || code == 405) {
      return Kind.UNKNOWN_ENDPOINT;
    }
    if (type.equals(BROKEN_OFF) && message.strip().endsWith(BROKEN_OFF_MESSAGE)) {
      return Kind.BROKEN_OFF;
    }
    boolean connection =
        code == 0
            && Stream.concat(Stream.of(type), causes.stream())
                .anyMatch(CONNECTION_ERRORS::contains);
    return connection ? Kind.CONNECTION : Kind.OTHER;
  }

  /** The HTTP status line, or a plain name for the exception. */
  static String label(int code, String type, List<String> causes) {
    if (code != 0) {
      return (code + " " + type).strip();
    }
    return Stream.concat(causes.stream(), Stream.of(type))
        .filter(PLAIN_NAMES::containsKey)
        .map(PLAIN_NAMES::get)
        .findFirst()
        .orElse(type.isEmpty() ? "unknown error" : type);
  }

  /** Whether a label is a plain name, which says what the exception's message says. */
  static boolean isPlainName(String label) {
    return PLAIN_NAMES.containsValue(label);
  }

  /** The message inside a JSON reply, or inside Python's {@code Type('message')}. */
  static String message(String type, String message) {
    String text = message.strip();
    if (text.startsWith("{") && text.length() <= MAX_READ) {
      return inJson(text);
    }
    boolean wrapped = !type.isEmpty() && text.startsWith(type + "(") && text.endsWith(")");
    if (!wrapped) {
      return text;
    }
    String inner = text.substring(type.length() + 1, text.length() - 1);
    return inner.matches("(?s)(['\"]).*\\1") ? inner.substring(1, inner.length() - 1) : inner;
  }

  private static String inJson(String text) {
    try {
      JsonNode body = Json.PYTHON.readTree(text);
      return Stream.of("/error/message", "/message", "/detail", "/error")
          .map(body::at)
          .filter(JsonNode::isTextual)
          .map(JsonNode::asText)
          .findFirst()
          .orElse(text);
    } catch (JsonProcessingException e) {
      return text; // not JSON after all
    }
  }

  private static boolean saysModelNotServed(String message) {
    return MissingModelWords.in(message.substring(0, Math.min(MAX_READ, message.length())));
  }
}
