package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bodies of control requests. */
class ControlBodyTest {

  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"target\": 5}",
        "{\"target\": true}",
        "{\"target\": 1.5}",
        "{\"target\": [\"http://a:1\"]}",
        "{\"target\": {}}",
        "{\"why\": 7}",
        "{\"all\": \"true\"}",
        "{\"all\": 1}",
        "{\"failed\": 0}",
        "{\"failed\": \"\"}",
        "{\"force\": 0.5}",
        "{\"runs\": 1}",
        "{\"runs\": \"1\"}",
        "{\"runs\": [[1]]}",
        "{\"runs\": [{}]}",
        "{\"runs\": [null]}",
        "{\"where\": [1]}",
        "{\"runs\": []}",
        "{\"where\": {\"concurrency\": [1]}}",
        "{\"where\": {\"concurrency\": null}}"
      })
  void refusesAValueOfAnotherType(String json) {
    for (String type : new String[] {JSON, FORM}) {
      // when
      HttpProblemException refused =
          catchThrowableOfType(HttpProblemException.class, () -> body(type, json));
      // then
      assertThat(refused).as(type).isNotNull();
      assertThat(refused.status()).isEqualTo(400);
    }
  }

  @Test
  void takesRunsAndSweepValuesAsTextOrNumber() throws Exception {
    // when
    ControlBody body =
        body(JSON, "{\"runs\": [0, \"concurrency2\"], \"where\": {\"a\": 1.50, \"b\": true}}");
    // then
    assertThat(body.runs()).containsExactly("0", "concurrency2");
    assertThat(body.where()).isEqualTo(Map.of("a", "1.50", "b", "true"));
  }

  @Test
  void takesTheTextsOfAForm() throws Exception {
    // when
    ControlBody body = body(FORM, "target=http%3A%2F%2Fa%3A1&force=true&failed=false&why=x");
    // then
    assertThat(body.namedTarget()).hasValue("http://a:1");
    assertThat(body.force()).isTrue();
    assertThat(body.failedOnly(true)).isFalse();
    assertThat(body.why()).isEqualTo("x");
  }

  /** Of so many fields, a few requests took all memory. */
  @Test
  void refusesMoreThanARequestNeeds() {
    for (String body :
        List.of("a=1&".repeat(1_001), "&".repeat(4 << 20), "why=" + "x".repeat(2 << 20))) {
      assertThat(catchThrowableOfType(HttpProblemException.class, () -> body(FORM, body)).status())
          .isEqualTo(413);
    }
    String json = "{\"runs\": [" + "\"\",".repeat(1 << 20) + "\"\"]}";
    assertThat(catchThrowableOfType(HttpProblemException.class, () -> body(JSON, json)).status())
        .isEqualTo(413);
  }

  private static ControlBody body(String type, String text) throws HttpProblemException {
    return ControlBody.of(
        new HttpRequest(
            "POST",
            "/api/v1/pause",
            Map.of(),
            Map.of("content-type", type),
            text.getBytes(StandardCharsets.UTF_8),
            ""));
  }

  @Test
  void refusesMembersThatTheRequestWouldIgnore() throws Exception {
    // given
    ControlBody failed = body(JSON, "{\"failed\": true}");
    ControlBody runs = body(JSON, "{\"runs\": [0]}");
    ControlBody target = body(JSON, "{\"target\": \"http://h\"}");
    // then
    assertThatThrownBy(failed::forCancel).hasMessageContaining("accepts only why, runs and where");
    assertThatThrownBy(runs::forPause).hasMessageContaining("accepts only target and why");
    assertThatThrownBy(target::forRetry).hasMessageContaining("accepts only why, runs");
    assertThat(runs.forCancel()).isEqualTo(runs);
    assertThat(target.forPause()).isEqualTo(target);
  }
}
