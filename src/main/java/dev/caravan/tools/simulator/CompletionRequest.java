package dev.caravan.tools.simulator;

import java.util.OptionalInt;

/**
 * What a caller asks for. Fields that would only change the wording (temperature, stop, tools …)
 * are taken and ignored.
 *
 * @param endpoint where it came in
 * @param model the model's name, one that is served
 * @param stream whether the answer comes token by token
 * @param includeUsage whether a stream ends with a chunk of usage counts
 * @param promptTokens tokens of the prompt, roughly
 * @param outputTokens tokens of the answer
 * @param finishReason {@code length} when the caller's limit ends the answer, else {@code stop}
 */
record CompletionRequest(
    Endpoint endpoint,
    String model,
    boolean stream,
    boolean includeUsage,
    int promptTokens,
    int outputTokens,
    String finishReason) {

  private static final int MOST = SimulatorOptions.MAX_OUTPUT_TOKENS;

  /**
   * Reads a request's body.
   *
   * @throws ApiErrorException when it is no proper request, or asks for a model that is not served
   */
  static CompletionRequest parse(Endpoint endpoint, String body, SimulatorOptions options)
      throws ApiErrorException {
    RequestFields fields = RequestFields.of(body);
    String model = fields.text("model");
    boolean stream = fields.flag("stream");
    boolean usage = includeUsage(fields, stream);
    fields.number("n", 1, 1);
    int promptTokens = endpoint.promptTokens(fields);
    OptionalInt limit = limit(fields);
    int least = fields.number("min_tokens", 0, limit.orElse(MOST)).orElse(0);
    if (!options.models().contains(model)) {
      throw new ApiErrorException(ApiError.noSuchModel(model));
    }
    return new CompletionRequest(
        endpoint,
        model,
        stream,
        usage,
        promptTokens,
        limit.orElse(Math.max(least, options.outputTokens())),
        limit.isPresent() ? "length" : "stop");
  }

  /** The newer name wins, as with OpenAI; both are checked. */
  private static OptionalInt limit(RequestFields fields) throws ApiErrorException {
    OptionalInt old = fields.number("max_tokens", 1, MOST);
    OptionalInt current = fields.number("max_completion_tokens", 1, MOST);
    return current.isPresent() ? current : old;
  }

  private static boolean includeUsage(RequestFields fields, boolean stream)
      throws ApiErrorException {
    if (!stream && fields.get("stream_options").isPresent()) {
      throw new ApiErrorException(
          ApiError.badRequest(
              "stream_options", "'stream_options' is only allowed when 'stream' is true."));
    }
    return fields.inner("stream_options").flag("include_usage");
  }
}
