package dev.caravan.tools.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The two completion endpoints, and where their JSON differs (OpenAI API reference). */
enum Endpoint {
  /** POST /v1/chat/completions. */
  CHAT("/v1/chat/completions", "chatcmpl-", "chat.completion", "chat.completion.chunk") {
    @Override
    int promptTokens(RequestFields fields) throws ApiErrorException {
      return Prompt.ofMessages(fields.required("messages"));
    }

    @Override
    ObjectNode piece(String text) {
      ObjectNode piece = choice();
      ObjectNode delta = piece.putObject("delta");
      return text.isEmpty() ? piece : putText(piece, delta, text);
    }

    @Override
    ObjectNode whole(String text) {
      ObjectNode whole = choice();
      return putText(whole, whole.putObject("message").put("role", "assistant"), text);
    }
  },

  /** POST /v1/completions. */
  COMPLETIONS("/v1/completions", "cmpl-", "text_completion", "text_completion") {
    @Override
    int promptTokens(RequestFields fields) throws ApiErrorException {
      return Prompt.ofText(fields.required("prompt"));
    }

    @Override
    ObjectNode piece(String text) {
      return choice().put("text", text);
    }

    @Override
    ObjectNode whole(String text) {
      return piece(text);
    }
  };

  private final String path;
  private final String idPrefix;
  private final String wholeObject;
  private final String pieceObject;

  Endpoint(String path, String idPrefix, String wholeObject, String pieceObject) {
    this.path = path;
    this.idPrefix = idPrefix;
    this.wholeObject = wholeObject;
    this.pieceObject = pieceObject;
  }

  /** Tokens of the request's prompt, roughly. */
  abstract int promptTokens(RequestFields fields) throws ApiErrorException;

  /** The choice of a streamed chunk that brings this text; empty text for the last one. */
  abstract ObjectNode piece(String text);

  /** The choice of an answer in one piece. */
  abstract ObjectNode whole(String text);

  String path() {
    return path;
  }

  String idPrefix() {
    return idPrefix;
  }

  String wholeObject() {
    return wholeObject;
  }

  String pieceObject() {
    return pieceObject;
  }

  private static ObjectNode choice() {
    return JsonNodeFactory.instance.objectNode().put("index", 0);
  }

  private static ObjectNode putText(ObjectNode choice, ObjectNode holder, String text) {
    holder.put("content", text);
    return choice;
  }
}
