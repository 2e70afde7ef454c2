package dev.caravan.tools.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The JSON of one request's answer, whole or chunk by chunk; all share its id, time and model. */
final class CompletionJson {

  private static final String DONE = "data: [DONE]\n\n";

  private final CompletionRequest request;
  private final String id;
  private final long created;
  private final String beforeWord;
  private final String afterWord;

  /**
   * Prepares the answer.
   *
   * @param number the request's number, for its id
   * @param created seconds since 1970
   */
  CompletionJson(CompletionRequest request, long number, long created) {
    this.request = request;
    this.id = request.endpoint().idPrefix() + number;
    this.created = created;
    // A chunk is made for every token: only the word differs, so the JSON around it is made once.
    String chunk = event(chunk(request.endpoint().piece(" word"), ""));
    int word = chunk.lastIndexOf(" word");
    this.beforeWord = chunk.substring(0, word);
    this.afterWord = chunk.substring(word + " word".length());
  }

  /** The event that opens a stream: for a chat the role, for a completion nothing. */
  String opening() {
    if (request.endpoint() == Endpoint.COMPLETIONS) {
      return "";
    }
    ObjectNode choice = request.endpoint().piece("");
    choice.withObject("/delta").put("role", "assistant").put("content", "");
    return event(chunk(choice, ""));
  }

  /** The event that brings one word, which must need no escaping in JSON. */
  String word(String word) {
    return beforeWord + word + afterWord;
  }

  /** The events that end a stream: the reason, the usage when asked for, and the mark. */
  String closing() {
    String end = event(chunk(request.endpoint().piece(""), request.finishReason()));
    return request.includeUsage() ? end + event(usageChunk()) + DONE : end + DONE;
  }

  /** The answer in one piece. */
  ObjectNode whole(String text) {
    ObjectNode body = heading(request.endpoint().wholeObject());
    ObjectNode choice = request.endpoint().whole(text);
    choice.putNull("logprobs").put("finish_reason", request.finishReason());
    body.putArray("choices").add(choice);
    return addUsage(body);
  }

  private ObjectNode chunk(ObjectNode choice, String finishReason) {
    ObjectNode body = heading(request.endpoint().pieceObject());
    choice.putNull("logprobs");
    choice.put("finish_reason", finishReason.isEmpty() ? null : finishReason);
    body.putArray("choices").add(choice);
    return body;
  }

  private ObjectNode usageChunk() {
    ObjectNode body = heading(request.endpoint().pieceObject());
    body.putArray("choices");
    return addUsage(body);
  }

  private ObjectNode heading(String object) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("object", object)
        .put("created", created)
        .put("model", request.model());
  }

  private ObjectNode addUsage(ObjectNode body) {
    body.putObject("usage")
        .put("prompt_tokens", request.promptTokens())
        .put("completion_tokens", request.outputTokens())
        .put("total_tokens", request.promptTokens() + request.outputTokens());
    return body;
  }

  private static String event(ObjectNode data) {
    return "data: " + data + "\n\n";
  }
}
