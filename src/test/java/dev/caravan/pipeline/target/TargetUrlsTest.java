package dev.caravan.pipeline.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetUrlsTest {

  private static final String CHAT = "/v1/chat/completions";

  @Test
  void takesManySlashesInTime() {
    String slashes = "/".repeat(400_000);
    assertThat(TargetUrls.requests("http://h" + slashes + "a" + slashes, "/v1/x"))
        .asString()
        .endsWith("/a/v1/x");
  }

  /** The third column is the actual output of aiperf 0.13.0. */
  @ParameterizedTest
  @CsvSource({
    "http://h,                          /v1/chat/completions, http://h/v1/chat/completions",
    "http://h/,                         /v1/chat/completions, http://h/v1/chat/completions",
    "http://h/v1,                       /v1/chat/completions, http://h/v1/chat/completions",
    "http://h/v1/,                      v1/chat/completions,  http://h/v1/chat/completions",
    "http://h/v1,                       /chat/completions,    http://h/v1/chat/completions",
    "http://h/llm/team,                 /v1/chat/completions, http://h/llm/team/v1/chat/completions",
    "http://h/llm/team,                 /chat/completions,    http://h/llm/team/chat/completions",
    "http://h/llm/v1,                   /v1/chat/completions, http://h/llm/v1/chat/completions",
    "http://h/v1/chat/completions,      /v1/chat/completions, http://h/v1/chat/completions",
    "http://h/v1/chat/completions,      /chat/completions,    http://h/v1/chat/completions",
    "http://h/llm/v1/chat/completions/, /v1/chat/completions, http://h/llm/v1/chat/completions",
    "http://h/llm/v1,                   '',                   http://h/llm/v1",
    "HTTP://H:80/v1,                    /v1/chat/completions, HTTP://H:80/v1/chat/completions",
    "http://h/d,                        /chat/completions?api-version=1, http://h/d/chat/completions?api-version=1",
  })
  void joinsRequestUrlsLikeAiperf(String url, String endpoint, String expected) {
    assertThat(TargetUrls.requests(url, endpoint)).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "http://h,                          http://h/v1/models",
    "http://h/,                         http://h/v1/models",
    "http://h/v1,                       http://h/v1/models",
    "http://h/v1/,                      http://h/v1/models",
    "http://h/llm/team,                 http://h/llm/team/v1/models",
    "http://h/llm/v1,                   http://h/llm/v1/models",
    "http://h/v1/chat/completions,      http://h/v1/models",
    "http://h/llm/v1/chat/completions/, http://h/llm/v1/models",
    "http://h:8000/v1/models,           http://h:8000/v1/models",
    "http://my_host:1,                  http://my_host:1/v1/models",
    "http://[::1]:1,                    http://[::1]:1/v1/models",
  })
  void probesTheModelsPathByDefault(String url, String expected) {
    assertThat(TargetUrls.probe(url, CHAT, Optional.empty()).orElseThrow()).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "http://h/llm,                     /health,        http://h/llm/health",
    "http://h/llm,                     health,         http://h/llm/health",
    "http://h/v1/chat/completions,     /health?full=1, http://h/health?full=1",
    "http://h/v1,                      /health,        http://h/health",
    "http://h/llm/v1/,                 health?full=1,  http://h/llm/health?full=1",
    "http://h/v1,                      /v2/health/ready, http://h/v2/health/ready",
    "http://h/v1,                      /v1/health/ready, http://h/v1/health/ready",
    "http://h/v1,                      /models,        http://h/v1/models",
    "http://h/v1,                      models/m,       http://h/v1/models/m",
    "http://h/v1,                      /,              http://h/v1",
    "http://h,                         '/a b%20c/%',   http://h/a%20b%20c/%25",
    "http://h/x,                       '',             http://h/x",
  })
  void probesTheConfiguredPath(String url, String health, String expected) {
    assertThat(TargetUrls.probe(url, CHAT, Optional.of(health)).orElseThrow())
        .hasToString(expected);
  }

  @Test
  void removesTheRunsEndpoint() {
    assertThat(
            TargetUrls.probe("http://h/a/v1/chat/completions", "chat/completions", Optional.empty())
                .orElseThrow())
        .hasToString("http://h/a/v1/models");
  }

  @Test
  void noneMeansNoProbe() {
    assertThat(TargetUrls.probe("http://h", CHAT, Optional.of("none"))).isEmpty();
  }

  @Test
  void omitsUserAndQuery() {
    assertThat(TargetUrls.probe("http://u:secret@h/?a=b", CHAT, Optional.empty()).orElseThrow())
        .hasToString("http://h/v1/models");
    assertThatThrownBy(() -> TargetUrls.requests("ftp://u:secret@h", CHAT))
        .message()
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "http://h:8000, http://h:8000/metrics",
    "http://h:8000/v1, http://h:8000/metrics",
    "http://h/gpu-1/v1/, http://h/gpu-1/metrics",
    "http://u:secret@h/v1/chat/completions, http://h/metrics",
  })
  void enginesServeTheirMetricsBesideTheApi(String url, String expected) {
    assertThat(TargetUrls.beside(url, CHAT, "/metrics")).hasToString(expected);
  }
}
