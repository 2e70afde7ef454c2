package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.run.PreflightResult.Kind;
import dev.caravan.pipeline.target.Readiness;
import dev.caravan.pipeline.target.TargetReply;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How replies to a one-token completion request are judged. */
class CompletionReplyTest {

  private static final CompletionReply REPLY =
      new CompletionReply(
          new Readiness.Probe(
              URI.create("http://gpu:8000/v1/chat/completions"), Optional.of("MY_API_KEY")),
          "llama");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"object\":\"chat.completion\",\"choices\":[{\"message\":{\"content\":null}}]}",
        "{\"object\":\"text_completion\",\"choices\":[{\"text\":\"\"}]}",
        "data: {\"choices\":[{\"delta\":{}}]}\n\ndata: [DONE]\n\n",
        ": ping\n\ndata:{\"choices\":[]}\n\n"
      })
  void passesCompletionsOfEveryFormat(String body) {
    assertThat(judge(200, body)).isEqualTo(PreflightResult.PASSED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | no | unauthorized | it rejected the key in $MY_API_KEY (401): no",
        "403 | '' | unauthorized | it rejected the key in $MY_API_KEY (403)",
        "404 | '{\"error\":{\"message\":\"The model `llama` does not exist.\"}}' | model_not_served"
            + " | it does not serve the model 'llama' (404): The model `llama` does not exist.",
        "400 | '{\"error\":{\"message\":\"Unknown model: llama\"}}' | model_not_served"
            + " | it does not serve the model 'llama' (400): Unknown model: llama",
        "404 | '{\"detail\":\"Not Found\"}' | endpoint_not_found"
            + " | it has no completions endpoint at /v1/chat/completions (404): Not Found",
        "405 | '' | endpoint_not_found | it has no completions endpoint at /v1/chat/completions (405)",
        "501 | '' | endpoint_not_found | it has no completions endpoint at /v1/chat/completions (501)",
        "200 | <html>hi</html> | endpoint_not_found"
            + " | its reply from /v1/chat/completions is not a completion (200): <html>hi</html>",
        "200 | '' | endpoint_not_found | its reply from /v1/chat/completions is not a completion (200)",
        "200 | '{\"status\":\"ok\"}' | endpoint_not_found"
            + " | 'its reply from /v1/chat/completions is not a completion (200): {\"status\":\"ok\"}'",
        "200 | '{\"error\":{\"message\":\"model llama not found\",\"code\":404}}' | model_not_served"
            + " | it does not serve the model 'llama' (404): model llama not found",
        "200 | 'data: {\"error\":{\"message\":\"boom\",\"code\":400}}' | all_requests_failed"
            + " | 'it answers 200 with an error: {\"message\":\"boom\",\"code\":400}'"
      })
  void failsForPermanentErrors(int code, String body, String cause, String message) {
    assertThat(judge(code, body)).isEqualTo(new PreflightResult(Kind.FAILED, cause, message));
  }

  @ParameterizedTest
  @CsvSource({
    "429, it is overloaded (429)",
    "500, 'it returned 500 instead of 200: overloaded'",
    "503, it is unavailable (503): overloaded"
  })
  void isNotReadyFor429And5xx(int code, String message) {
    assertThat(judge(code, "overloaded"))
        .isEqualTo(new PreflightResult(Kind.NOT_READY, "", message));
  }

  @Test
  void isNotReadyForAnOverloadErrorWithStatus200() {
    assertThat(judge(200, "{\"error\":{\"message\":\"overloaded\",\"code\":503}}").kind())
        .isEqualTo(Kind.NOT_READY);
  }

  @Test
  void warnsOfAnErrorThatMayOnlyConcernOneToken() {
    assertThat(judge(400, "{\"error\":{\"message\":\"max_tokens must be at least 16\"}}"))
        .isEqualTo(
            new PreflightResult(
                Kind.REFUSED,
                "",
                "it answers 400 to a one-token completion: max_tokens must be at least 16"));
  }

  @Test
  void quotesOneLineWithoutTerminalEscapes() {
    // when
    PreflightResult result = judge(404, "\u001b[31mred\n" + "x".repeat(5_000));
    // then
    assertThat(result.message()).hasSizeLessThan(400).doesNotContain("\u001b", "\n");
  }

  private static PreflightResult judge(int code, String body) {
    return REPLY.judge(new TargetReply(code, Optional.empty(), Optional.empty(), body));
  }
}
