package dev.caravan.tools.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.storage.Json;

/** The JSON of one completion, complete or as stream chunks that share its id, time and model. */
final class CompletionJson {

  private static final String DONE = "data: [DONE]\n\n";

  private final CompletionRequest request;
  private final Usage usage;
  private final String id;
  private final long created;
  private final String beforeWord;
  private final String afterWord;

  /**
   * Prepares the response.
   *
   * @param usage the token counts that it reports
   * @param number number of the request, used in the id
   * @param created Unix time in seconds
   */
  CompletionJson(CompletionRequest request, Usage usage, long number, long created) {
    this.request = request;
    this.usage = usage;
    this.id = request.endpoint().idPrefix() + number;
    this.created = created;
    // Chunks differ only in the word, so the JSON around it is rendered once.
    String chunk = event(chunk(request.endpoint().chunkChoice(" word"), ""));
    int word = chunk.lastIndexOf(" word");
    this.beforeWord = chunk.substring(0, word);
    this.afterWord = chunk.substring(word + " word".length());
  }

  /** The first event of a stream: the role for chat completions, nothing for completions. */
  String opening() {
    if (request.endpoint() == Endpoint.COMPLETIONS) {
      return "";
    }
    ObjectNode choice = request.endpoint().chunkChoice("");
    choice.withObject("/delta").put("role", "assistant").put("content", "");
    return event(chunk(choice, ""));
  }

  /** The event for one word, which must not need JSON escaping. */
  String word(String word) {
    return beforeWord + word + afterWord;
  }

  /** The last events of a stream: finish reason, usage if requested, and {@code [DONE]}. */
  String closing() {
    if (request.finishReason().equals(CompletionRequest.CUT_OFF)) {
      return "";
    }
    if (request.finishReason().equals(CompletionRequest.BROKEN)) {
      return event(ApiError.simulated().json());
    }
    String end = event(chunk(request.endpoint().chunkChoice(""), request.finishReason()));
    return request.includeUsage() ? end + event(usageChunk()) + DONE : end + DONE;
  }

  /** The complete response. */
  ObjectNode full(String text) {
    ObjectNode body = envelope(request.endpoint().fullObject());
    ObjectNode choice = request.endpoint().fullChoice(text);
    choice.putNull("logprobs").put("finish_reason", request.finishReason());
    body.putArray("choices").add(choice);
    return request.includeUsage() ? addUsage(body) : body;
  }

  private ObjectNode chunk(ObjectNode choice, String finishReason) {
    ObjectNode body = envelope(request.endpoint().chunkObject());
    choice.putNull("logprobs");
    choice.put("finish_reason", finishReason.isEmpty() ? null : finishReason);
    body.putArray("choices").add(choice);
    return body;
  }

  private ObjectNode usageChunk() {
    ObjectNode body = envelope(request.endpoint().chunkObject());
    body.putArray("choices");
    return addUsage(body);
  }

  private ObjectNode envelope(String object) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("object", object)
        .put("created", created)
        .put("model", request.model());
  }

  private ObjectNode addUsage(ObjectNode body) {
    body.set("usage", Json.MAPPER.valueToTree(usage));
    return body;
  }

  private static String event(ObjectNode data) {
    return "data: " + data + "\n\n";
  }
}
