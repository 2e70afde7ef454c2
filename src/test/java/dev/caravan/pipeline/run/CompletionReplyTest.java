package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.run.PreflightResult.Kind;
import dev.caravan.pipeline.target.Readiness;
import dev.caravan.pipeline.target.TargetReply;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How replies to a one-token completion request are judged. */
class CompletionReplyTest {

  private static final CompletionReply REPLY =
      new CompletionReply(
          Readiness.Probe.post(
              URI.create("http://gpu:8000/v1/chat/completions"), Optional.of("MY_API_KEY")),
          "llama",
          List.of());
  private static final String RETURNED = "POST /v1/chat/completions returned ";

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
        "401 | no | unauthorized | it rejected the key in $MY_API_KEY: … 401: no",
        "403 | '' | unauthorized | it denies access with $MY_API_KEY: … 403",
        "404 | '{\"error\":{\"message\":\"The model `llama` does not exist.\"}}' | model_not_served"
            + " | it does not serve the model 'llama': … 404: The model `llama` does not exist.",
        "400 | '{\"error\":{\"message\":\"Unknown model: llama\"}}' | model_not_served"
            + " | it does not serve the model 'llama': … 400: Unknown model: llama",
        "404 | '{\"detail\":\"Not Found\"}' | endpoint_not_found"
            + " | it has no such completions endpoint: … 404: Not Found",
        "405 | '' | endpoint_not_found | it has no such completions endpoint: … 405",
        "501 | '' | endpoint_not_found | it has no such completions endpoint: … 501",
        "200 | <html>hi</html> | endpoint_not_found"
            + " | its reply is not a completion: … 200: <html>hi</html>~",
        "200 | '' | endpoint_not_found | its reply is not a completion: … 200~",
        "200 | '{\"status\":\"ok\"}' | endpoint_not_found"
            + " | 'its reply is not a completion: … 200: {\"status\":\"ok\"}~'",
        "200 | '{\"error\":{\"message\":\"model llama not found\",\"code\":404}}' | model_not_served"
            + " | it does not serve the model 'llama': … 404: model llama not found",
        "200 | 'data: {\"error\":{\"message\":\"boom\",\"code\":400}}' | all_requests_failed"
            + " | 'it answers with an error: … 200: {\"message\":\"boom\",\"code\":400}'"
      })
  void failsForPermanentErrors(int code, String body, String cause, String message) {
    assertThat(judge(code, body))
        .isEqualTo(new PreflightResult(Kind.FAILED, cause, whole(message), false));
  }

  @ParameterizedTest
  @CsvSource({
    "429, it is overloaded: … 429: overloaded",
    "500, … 500 instead of 200: overloaded~",
    "503, it is unavailable: … 503: overloaded"
  })
  void isNotReadyFor429And5xx(int code, String message) {
    assertThat(judge(code, "overloaded"))
        .isEqualTo(new PreflightResult(Kind.NOT_READY, "", whole(message), false));
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
                Kind.WARNING, "", RETURNED + "400: max_tokens must be at least 16", false));
  }

  @Test
  void quotesOneLineWithoutTerminalEscapes() {
    // when
    PreflightResult result = judge(404, "\u001b[31mred\n" + "x".repeat(5_000));
    // then
    assertThat(result.message()).hasSizeLessThan(400).doesNotContain("\u001b", "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "400, true", "402, true", "422, true", "500, true", "502, true", "504, true",
    "401, false", "403, false", "404, false", "405, false", "407, false", "408, false",
    "429, false", "501, false", "503, false", "200, false", "302, false"
  })
  void asksAgainWhenOneTokenMayBeTheReason(int code, boolean again) {
    assertThat(REPLY.mayConcernOneToken(reply(code, "{\"choices\":[]}"))).isEqualTo(again);
  }

  @Test
  void asksAgainAfterAnErrorInAReplyWithStatus200() {
    assertThat(REPLY.mayConcernOneToken(reply(200, "{\"error\":{\"message\":\"x\"}}"))).isTrue();
    assertThat(REPLY.mayConcernOneToken(reply(200, "{\"error\":{\"code\":429}}"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "other        | FAILED",
        "other/*      | FAILED",
        "llama        | WARNING",
        "ll*          | WARNING",
        "*            | WARNING",
        "''           | WARNING"
      })
  void takesARefusedModelThatIsNotListedForOneThatIsNotServed(String served, Kind kind) {
    // given
    CompletionReply reply =
        new CompletionReply(
            REPLY.question(), "llama", served.isEmpty() ? List.of() : List.of(served));
    // then
    assertThat(reply.judge(reply(400, "no")).kind()).isEqualTo(kind);
  }

  @Test
  void failsNothingWhenTheSecondRequestGetsNoReply() {
    assertThat(REPLY.undecided(reply(400, "unknown model")).kind()).isEqualTo(Kind.WARNING);
    assertThat(REPLY.undecided(reply(502, "empty")).kind()).isEqualTo(Kind.NOT_READY);
  }

  private static String whole(String message) {
    return message
        .replace("… ", RETURNED)
        .replace("~", "; to start without this check, set readiness.preflight: false");
  }

  private static TargetReply reply(int code, String body) {
    return new TargetReply(code, Optional.empty(), Optional.empty(), body);
  }

  private static PreflightResult judge(int code, String body) {
    return REPLY.judge(reply(code, body));
  }
}
