package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a request to pause or to resume is understood. */
class PauseRequestTest {

  @TempDir private Path folder;

  private HomeServer server;

  @BeforeEach
  void start() throws Exception {
    server = new HomeServer(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"target\": \"\"}",
        "{\"target\": \" \"}",
        "{\"taget\": \"http://a:1\"}",
        "[]",
        "null",
        "\"all\"",
        "7",
        "{",
        "{} {}",
        "target=",
        "tar=http://a:1"
      })
  void pausesNothingWhenItDoesNotUnderstandTheRequest(String body) throws Exception {
    for (String type : List.of("application/json", HomeServer.FORM)) {
      for (String path : List.of("/api/v1/pause", "/api/v1/resume")) {
        // when
        HttpResponse<String> refused = server.post(path, type, body);

        // then
        assertThat(refused.statusCode()).as(type + " " + refused.body()).isEqualTo(400);
        assertThat(refused.body()).contains("\"detail\"");
      }
    }
  }

  @Test
  void readsAControlRequestThatCurlCallsAForm() throws Exception {
    // given
    HttpRequest request =
        new HttpRequest(
            "POST",
            "/api/v1/pause",
            Map.of(),
            Map.of("content-type", HomeServer.FORM),
            "{\"target\": \"http://a:1\", \"why\": \"x\"}".getBytes(StandardCharsets.UTF_8),
            "");

    // then
    assertThat(ControlBody.of(request).namedTarget()).hasValue("http://a:1");
    assertThat(ControlBody.of(request).why()).isEqualTo("x");
  }
}
