package dev.caravan.tools.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionRequestTest {

  private static final SimulatorOptions OPTIONS =
      SimulatorOptions.defaults().withModels(List.of("m")).withOutputTokens(20);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"model\": | The body is not valid JSON (line 1, column 10).",
        "{} {} | The body is not valid JSON (line 1, column 4).",
        "`` | The body must be a JSON object.",
        "[1] | The body must be a JSON object.",
        "{'prompt': 'a'} | 'model' is missing.",
        "{'model': 3, 'prompt': 'a'} | 'model' must be a string, not 3.",
        "{'model': 'm'} | 'prompt' is missing.",
        "{'model': 'm', 'prompt': null} | 'prompt' is missing.",
        "{'model': 'm', 'prompt': ['a', 'b']} |"
            + " 'prompt' must be a string, a list of one string, or a list of token ids,"
            + " not [\"a\",\"b\"].",
        "{'model': 'm', 'prompt': 'a', 'stream': 'yes'} |"
            + " 'stream' must be true or false, not \"yes\".",
        "{'model': 'm', 'prompt': 'a', 'n': 2} | 'n' must be a whole number from 1 to 1, not 2.",
        "{'model': 'm', 'prompt': 'a', 'max_tokens': 0} |"
            + " 'max_tokens' must be a whole number from 1 to 131072, not 0.",
        "{'model': 'm', 'prompt': 'a', 'max_tokens': 1.5} |"
            + " 'max_tokens' must be a whole number from 1 to 131072, not 1.5.",
        "{'model': 'm', 'prompt': 'a', 'max_tokens': 99999999999} |"
            + " 'max_tokens' must be a whole number from 1 to 131072, not 99999999999.",
        "{'model': 'm', 'prompt': 'a', 'max_tokens': 5, 'min_tokens': 6} |"
            + " 'min_tokens' must be a whole number from 0 to 5, not 6.",
        "{'model': 'm', 'prompt': 'a', 'stream_options': {'include_usage': true}} |"
            + " 'stream_options' is only allowed when 'stream' is true.",
        "{'model': 'm', 'prompt': 'a', 'stream': true, 'stream_options': 1} |"
            + " 'stream_options' must be an object, not 1.",
      })
  void refusesInvalidCompletionRequests(String body, String message) {
    assertThatThrownBy(
            () -> CompletionRequest.parse(Endpoint.COMPLETIONS, body.replace('\'', '"'), OPTIONS))
        .isInstanceOfSatisfying(
            ApiErrorException.class, e -> assertThat(e.error().status()).isEqualTo(400))
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | 'messages' must be a list of at least one message, not [].",
        "\"hi\" | 'messages' must be a list of at least one message, not \"hi\".",
        "[{}] | 'messages' must be objects with a role, not {}.",
        "[{\"role\":\"user\",\"content\":7}] |"
            + " 'messages' must be messages whose content is a string or a list, not 7.",
      })
  void refusesInvalidChatRequests(String messages, String message) {
    assertThatThrownBy(() -> chat("\"messages\": " + messages))
        .isInstanceOf(ApiErrorException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 20 | stop",
        "'\"max_tokens\": 5,' | 5 | length",
        "'\"max_completion_tokens\": 7,' | 7 | length",
        "'\"max_tokens\": 5, \"max_completion_tokens\": 7,' | 7 | length",
        "'\"max_tokens\": null,' | 20 | stop",
        "'\"min_tokens\": 30,' | 30 | stop",
        "'\"ignore_eos\": true, \"max_tokens\": 50,' | 50 | length",
      })
  void limitsTheOutputTokens(String limits, int tokens, String reason) throws ApiErrorException {
    // when
    CompletionRequest request =
        chat(limits + "\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]");

    // then
    assertThat(request.outputTokens()).isEqualTo(tokens);
    assertThat(request.finishReason()).isEqualTo(reason);
  }

  @Test
  void countsThePromptTokensOfAllMessages() throws ApiErrorException {
    // when
    CompletionRequest request =
        chat(
            """
            "messages": [{"role": "system", "content": "twenty characters .."},
                         {"role": "assistant", "content": null},
                         {"role": "user", "content": [{"type": "text", "text": "and twelve.."},
                                                      {"type": "image_url"}]}]""");

    // then
    assertThat(request.prompt().tokens(new TokenCounter())).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"\"twelve chars\" | 3", "[\"1234\"] | 2", "\"\" | 1", "[11, 12, 13] | 3"})
  void acceptsEveryFormOfASinglePrompt(String prompt, int tokens) throws ApiErrorException {
    // when
    CompletionRequest request =
        CompletionRequest.parse(
            Endpoint.COMPLETIONS, "{\"model\": \"m\", \"prompt\": " + prompt + "}", OPTIONS);

    // then
    assertThat(request.prompt().tokens(new TokenCounter())).isEqualTo(tokens);
  }

  @Test
  void truncatesQuotedValues() {
    assertThatThrownBy(() -> chat("\"messages\": \"" + "x".repeat(10_000) + "\""))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200).endsWith("x…."));
  }

  private static CompletionRequest chat(String fields) throws ApiErrorException {
    return CompletionRequest.parse(Endpoint.CHAT, "{\"model\": \"m\", " + fields + "}", OPTIONS);
  }
}
