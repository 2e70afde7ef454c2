package dev.caravan.tools.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A refusal in the shape of OpenAI's errors: {@code {"error": {"message", "type", "param",
 * "code"}}}.
 *
 * @param status HTTP status
 * @param type OpenAI's class of error
 * @param code the error in one word
 * @param param the request's field that is to blame; empty, and null in the JSON, when none is
 * @param message what is wrong, for people
 */
record ApiError(int status, String type, String code, String param, String message) {

  private static final String CALLER = "invalid_request_error";
  private static final String SERVER = "server_error";

  static ApiError badRequest(String param, String message) {
    return new ApiError(400, CALLER, "invalid_value", param, message);
  }

  static ApiError unauthorized(boolean keyShown) {
    String message =
        keyShown
            ? "Incorrect API key provided."
            : "You didn't provide an API key. Send it as: Authorization: Bearer YOUR_KEY.";
    return new ApiError(401, CALLER, "invalid_api_key", "", message);
  }

  static ApiError noSuchModel(String model) {
    String message = "The model `" + abbreviated(model) + "` does not exist.";
    return new ApiError(404, CALLER, "model_not_found", "model", message);
  }

  static ApiError noSuchPath(String method, String path) {
    String message = "Invalid URL (" + method + " " + abbreviated(path) + ").";
    return new ApiError(404, CALLER, "unknown_url", "", message);
  }

  static ApiError wrongMethod(String method, String path) {
    String message = "Not allowed to " + method + " on " + path + ".";
    return new ApiError(405, CALLER, "method_not_allowed", "", message);
  }

  static ApiError tooLarge(long limit) {
    String message = "The request body is larger than " + limit + " bytes.";
    return new ApiError(413, CALLER, "request_too_large", "", message);
  }

  static ApiError failedOnPurpose() {
    return new ApiError(500, SERVER, "simulated_error", "", "Simulated failure.");
  }

  static ApiError broken() {
    return new ApiError(500, SERVER, "internal_error", "", "The simulator itself failed.");
  }

  static ApiError notReady() {
    return new ApiError(503, SERVER, "model_not_ready", "", "The model is still being loaded.");
  }

  /** The error as a body. */
  ObjectNode json() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("message", message)
        .put("type", type)
        .put("param", param.isEmpty() ? null : param)
        .put("code", code);
    return body;
  }

  /** A caller's value, short enough to be sent back. */
  static String abbreviated(String value) {
    return value.length() <= 100 ? value : value.substring(0, 100) + "…";
  }
}
