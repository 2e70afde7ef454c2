package dev.caravan.tools.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.storage.Json;
import java.util.Optional;

/**
 * An error response in OpenAI's format: {@code {"error": {"message", "type", "param", "code"}}}.
 *
 * @param status HTTP status
 * @param type OpenAI's error type
 * @param code OpenAI's error code
 * @param param the invalid request field; empty, and null in the JSON, when there is none
 * @param message human-readable message
 */
record ApiError(int status, String type, String code, String param, String message) {

  private static final String INVALID_REQUEST = "invalid_request_error";
  private static final String SERVER_ERROR = "server_error";

  static ApiError badRequest(String param, String message) {
    return new ApiError(400, INVALID_REQUEST, "invalid_value", param, message);
  }

  static ApiError unauthorized(boolean hasKey) {
    String message =
        hasKey
            ? "Incorrect API key provided."
            : "You didn't provide an API key. Send it as: Authorization: Bearer YOUR_KEY.";
    return new ApiError(401, INVALID_REQUEST, "invalid_api_key", "", message);
  }

  static ApiError noSuchModel(String model) {
    String message = "The model `" + abbreviated(model) + "` does not exist.";
    return new ApiError(404, INVALID_REQUEST, "model_not_found", "model", message);
  }

  static ApiError noSuchPath(String method, String path) {
    String message = "Invalid URL (" + method + " " + abbreviated(path) + ").";
    return new ApiError(404, INVALID_REQUEST, "unknown_url", "", message);
  }

  static ApiError wrongMethod(String method, String path) {
    String message = "Not allowed to " + method + " on " + path + ".";
    return new ApiError(405, INVALID_REQUEST, "method_not_allowed", "", message);
  }

  static ApiError tooLarge(long limit) {
    String message = "The request body is larger than " + limit + " bytes.";
    return new ApiError(413, INVALID_REQUEST, "request_too_large", "", message);
  }

  static ApiError simulated() {
    return new ApiError(500, SERVER_ERROR, "simulated_error", "", "Simulated failure.");
  }

  static ApiError internal() {
    return new ApiError(500, SERVER_ERROR, "internal_error", "", "The simulator itself failed.");
  }

  static ApiError notReady() {
    return new ApiError(
        503, SERVER_ERROR, "model_not_ready", "", "The model is still being loaded.");
  }

  private record Body(Details error) {}

  private record Details(String message, String type, Optional<String> param, String code) {}

  /** The response body. */
  ObjectNode json() {
    Optional<String> field = Optional.of(param).filter(name -> !name.isEmpty());
    return Json.MAPPER.valueToTree(new Body(new Details(message, type, field, code)));
  }

  /** A request's value, truncated to 100 characters to be quoted. */
  static String abbreviated(String value) {
    return value.length() <= 100 ? value : value.substring(0, 100) + "…";
  }
}
