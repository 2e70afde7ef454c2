package dev.caravan.tools.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The two completion endpoints and the differences in their JSON (OpenAI API reference). */
enum Endpoint {
  /** POST /v1/chat/completions. */
  CHAT("/v1/chat/completions", "chatcmpl-", "chat.completion", "chat.completion.chunk") {
    @Override
    Prompt prompt(RequestFields fields) throws ApiErrorException {
      return Prompt.ofMessages(fields.required("messages"));
    }

    @Override
    ObjectNode chunkChoice(String text) {
      ObjectNode choice = choice();
      ObjectNode delta = choice.putObject("delta");
      return text.isEmpty() ? choice : putText(choice, delta, text);
    }

    @Override
    ObjectNode fullChoice(String text) {
      ObjectNode choice = choice();
      return putText(choice, choice.putObject("message").put("role", "assistant"), text);
    }
  },

  /** POST /v1/completions. */
  COMPLETIONS("/v1/completions", "cmpl-", "text_completion", "text_completion") {
    @Override
    Prompt prompt(RequestFields fields) throws ApiErrorException {
      return Prompt.ofText(fields.required("prompt"));
    }

    @Override
    ObjectNode chunkChoice(String text) {
      return choice().put("text", text);
    }

    @Override
    ObjectNode fullChoice(String text) {
      return chunkChoice(text);
    }
  };

  private final String path;
  private final String idPrefix;
  private final String fullObject;
  private final String chunkObject;

  Endpoint(String path, String idPrefix, String fullObject, String chunkObject) {
    this.path = path;
    this.idPrefix = idPrefix;
    this.fullObject = fullObject;
    this.chunkObject = chunkObject;
  }

  /** The prompt of a request. */
  abstract Prompt prompt(RequestFields fields) throws ApiErrorException;

  /** The choice of a stream chunk with this text, which is empty in the last chunk. */
  abstract ObjectNode chunkChoice(String text);

  /** The choice of a complete response. */
  abstract ObjectNode fullChoice(String text);

  String path() {
    return path;
  }

  String idPrefix() {
    return idPrefix;
  }

  String fullObject() {
    return fullObject;
  }

  String chunkObject() {
    return chunkObject;
  }

  private static ObjectNode choice() {
    return JsonNodeFactory.instance.objectNode().put("index", 0);
  }

  private static ObjectNode putText(ObjectNode choice, ObjectNode parent, String text) {
    parent.put("content", text);
    return choice;
  }
}
