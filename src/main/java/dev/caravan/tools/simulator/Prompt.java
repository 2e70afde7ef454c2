package dev.caravan.tools.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The prompt of a request: its texts, or a number of token ids.
 *
 * @param texts the texts, one for each message
 * @param ids number of token ids, which are counted as they are
 */
record Prompt(List<String> texts, int ids) {

  Prompt {
    texts = List.copyOf(texts);
  }

  /** The prompt in a chat's {@code messages}: a non-empty list of objects with a role. */
  static Prompt ofMessages(JsonNode messages) throws ApiErrorException {
    if (!messages.isArray() || messages.isEmpty()) {
      throw RequestFields.invalid("messages", "a list of at least one message", messages);
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode message : messages) {
      if (!message.path("role").isTextual()) {
        throw RequestFields.invalid("messages", "objects with a role", message);
      }
      texts.add(text(message.path("content")));
    }
    return new Prompt(texts, 0);
  }

  /** The prompt in a completion's {@code prompt}: a string, a list of one string, or token ids. */
  static Prompt ofText(JsonNode prompt) throws ApiErrorException {
    if (prompt.isTextual()) {
      return new Prompt(List.of(prompt.textValue()), 0);
    }
    if (prompt.isArray() && prompt.size() == 1 && prompt.get(0).isTextual()) {
      return new Prompt(List.of(prompt.get(0).textValue()), 0);
    }
    if (prompt.isArray() && !prompt.isEmpty() && allNumbers(prompt)) {
      return new Prompt(List.of(), prompt.size());
    }
    throw RequestFields.invalid(
        "prompt", "a string, a list of one string, or a list of token ids", prompt);
  }

  /** Its number of tokens, at least 1. */
  int tokens(TokenCounter counter) {
    return Math.max(1, ids + texts.stream().mapToInt(counter::count).sum());
  }

  /** A message's content: a string, nothing, or parts whose text counts. */
  private static String text(JsonNode content) throws ApiErrorException {
    if (content.isTextual()) {
      return content.textValue();
    }
    if (content.isMissingNode() || content.isNull()) {
      return "";
    }
    if (!content.isArray()) {
      throw RequestFields.invalid(
          "messages", "messages whose content is a string or a list", content);
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      text.append(part.path("text").asText(""));
    }
    return text.toString();
  }

  private static boolean allNumbers(JsonNode list) {
    for (JsonNode item : list) {
      if (!item.isIntegralNumber()) {
        return false;
      }
    }
    return true;
  }
}
