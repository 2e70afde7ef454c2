package dev.caravan.tools.simulator;

import java.util.OptionalInt;

/**
 * A parsed completion request. Fields that only affect the text (temperature, stop, tools …) are
 * accepted and ignored.
 *
 * @param endpoint the endpoint that received it
 * @param model name of a served model
 * @param stream whether to stream the response
 * @param includeUsage whether the response has the token counts, a stream in a chunk at its end
 * @param prompt the prompt
 * @param outputTokens tokens to generate
 * @param ignoresEos whether the reply is not to end before it is that long
 * @param finishReason {@code length} when the request sets a limit, else {@code stop}; {@link
 *     #BROKEN} or {@link #CUT_OFF} for a response that breaks off
 */
record CompletionRequest(
    Endpoint endpoint,
    String model,
    boolean stream,
    boolean includeUsage,
    Prompt prompt,
    int outputTokens,
    boolean ignoresEos,
    String finishReason) {

  /** The finish reason of a response that breaks off with an error. */
  static final String BROKEN = "error";

  /** The finish reason of a response that breaks off without a word. */
  static final String CUT_OFF = "";

  private static final int MAX_TOKENS = SimulatorOptions.MAX_OUTPUT_TOKENS;

  /**
   * Parses a request body.
   *
   * @throws ApiErrorException when the request is invalid or its model is not served
   */
  static CompletionRequest parse(Endpoint endpoint, String body, SimulatorOptions options)
      throws ApiErrorException {
    RequestFields fields = RequestFields.of(body);
    String model = fields.text("model");
    boolean stream = fields.bool("stream");
    boolean usage = includeUsage(fields, stream);
    fields.number("n", 1, 1);
    Prompt prompt = endpoint.prompt(fields);
    OptionalInt limit = limit(fields);
    int minTokens = fields.number("min_tokens", 0, limit.orElse(MAX_TOKENS)).orElse(0);
    if (!options.models().contains(model)) {
      throw new ApiErrorException(ApiError.noSuchModel(model));
    }
    return new CompletionRequest(
        endpoint,
        model,
        stream,
        usage,
        prompt,
        limit.orElse(Math.max(minTokens, options.outputTokens())),
        fields.bool("ignore_eos"),
        limit.isPresent() ? "length" : "stop");
  }

  /** A copy that gets a response of this length, for this reason. */
  CompletionRequest withResponse(int tokens, String reason) {
    return new CompletionRequest(
        endpoint, model, stream, includeUsage, prompt, tokens, ignoresEos, reason);
  }

  /** A copy that gets a response without token counts. */
  CompletionRequest withoutUsage() {
    return new CompletionRequest(
        endpoint, model, stream, false, prompt, outputTokens, ignoresEos, finishReason);
  }

  /** {@code max_completion_tokens} wins over the older name, as with OpenAI; both are checked. */
  private static OptionalInt limit(RequestFields fields) throws ApiErrorException {
    OptionalInt maxTokens = fields.number("max_tokens", 1, MAX_TOKENS);
    OptionalInt maxCompletionTokens = fields.number("max_completion_tokens", 1, MAX_TOKENS);
    return maxCompletionTokens.isPresent() ? maxCompletionTokens : maxTokens;
  }

  private static boolean includeUsage(RequestFields fields, boolean stream)
      throws ApiErrorException {
    if (!stream && fields.get("stream_options").isPresent()) {
      throw new ApiErrorException(
          ApiError.badRequest(
              "stream_options", "'stream_options' is only allowed when 'stream' is true."));
    }
    return !stream || fields.object("stream_options").bool("include_usage");
  }
}
