package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.target.TargetServer;
import dev.caravan.testing.RefusingPort;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the run route handles the responses of a target. */
class ProbeRouteTest extends RouteTest {

  @Override
  List<String> files() {
    return List.of("runs", "probe");
  }

  @Override
  List<String> mocked() {
    return List.of("dead-letters-keep");
  }

  /** An unreachable proxy: aiperf ignores these variables, so the probe must too. */
  @Override
  Map<String, String> environment() {
    return Map.of(
        "http_proxy", "http://127.0.0.1:1",
        "HTTP_PROXY", "http://127.0.0.1:1",
        "all_proxy", "http://127.0.0.1:1",
        "no_proxy", "",
        "MY_API_KEY", "sk-secret-0123456789",
        "CARAVAN_AIPERF_OPTIONS_ALLOWED", "header");
  }

  @Test
  void runsTheBenchmarkOnceTheTargetAnswers200() throws Exception {
    try (TargetServer target = TargetServer.answering(200, "{}")) {
      // given
      Run run = run(target.port(), "");
      // when
      RunReport report = execute(run);
      // then
      assertThat(report.kind()).isEqualTo(Kind.ENDED);
      assertThat(head(run).status()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(target.requests).startsWith("GET /base/v1/models");
      assertThat(target.authorizations).containsOnly("null");
    }
  }

  @Test
  void probesTheEndpointOfTheConfigWithItsKey() throws Exception {
    try (TargetServer target = TargetServer.answering(200, "ok")) {
      // given
      Run run =
          run(target.port(), "  health_check_endpoint: /up?x=1\n  api_key_env_var: MY_API_KEY\n");
      // when
      execute(run);
      // then
      assertThat(target.requests).startsWith("GET /base/up?x=1");
      assertThat(target.authorizations).containsOnly("Bearer sk-secret-0123456789");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "['X-Lab: 1, Authorization: Basic c2VjcmV0']",
        "{X-Lab: 1, Authorization: Basic c2VjcmV0}",
        "'{\"X-Lab\": 1, \"Authorization\": \"Basic c2VjcmV0\"}'"
      })
  void asksTheServiceWithTheHeadersOfTheRun(String header) throws Exception {
    try (TargetServer target = TargetServer.answering(200, "ok")) {
      // given
      Run run = run(target.port(), "  aiperf_options: {header: %s}\n".formatted(header));
      // when
      execute(run);
      // then
      assertThat(target.requests).contains("GET /base/v1/models", "GET /base/metrics");
      assertThat(target.authorizations).containsOnly("Basic c2VjcmV0");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"CamelHttpUri", "camelhttpuri", "CAMELHTTPPATH", "CamelHttpQuery"})
  void isNotSteeredByAHeaderOfTheRun(String name) throws Exception {
    try (TargetServer other = TargetServer.answering(200, "{}");
        TargetServer target = TargetServer.answering(200, "{}")) {
      // given
      String value = "http://127.0.0.1:" + other.port() + "/other";
      // when
      execute(
          run(target.port(), "  aiperf_options: {header: {%s: '%s'}}\n".formatted(name, value)));
      // then
      assertThat(other.requests).isEmpty();
      assertThat(target.requests).startsWith("GET /base/v1/models");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401, REFUSED, it requires an API key (set api_key_env_var to the key's variable): ",
    "403, REFUSED, it requires an API key (set api_key_env_var to the key's variable): ",
    "404, REFUSED, 'it has no such path: '",
    "503, NOT_READY, 'it is unavailable: '",
    "500, NOT_READY, ''",
    "204, REFUSED, ''"
  })
  void reportsWhyATargetIsNotReady(int code, Kind kind, String message) throws Exception {
    try (TargetServer target = TargetServer.answering(code, code == 204 ? "" : "loading")) {
      // given
      Run run = run(target.port(), "");
      // when
      RunReport report = execute(run);
      // then
      assertThat(report.kind()).isEqualTo(kind);
      assertThat(report.message())
          .startsWith(message.stripTrailing())
          .contains("GET /base/v1/models returned " + code)
          .contains(code == 204 ? "" : ": loading");
      assertThat(run.folder().resolve("stdout.log")).doesNotExist();
      assertThat(target.requests).hasSize(1);
    }
  }

  @Test
  void reportsARedirectWithoutFollowingIt() throws Exception {
    try (TargetServer other = TargetServer.answering(200, "{}");
        TargetServer target =
            TargetServer.redirecting(302, "http://127.0.0.1:" + other.port() + "/v1/models", "")) {
      // when
      RunReport report = execute(run(target.port(), ""));
      // then
      assertThat(report.kind()).isEqualTo(Kind.REFUSED);
      assertThat(report.message())
          .contains("it redirects to http://127.0.0.1:" + other.port(), "302");
      assertThat(other.requests).isEmpty();
    }
  }

  @Test
  void reportsARefusedConnection() throws Exception {
    try (RefusingPort port = new RefusingPort()) {
      // when
      RunReport report = execute(run(port.number(), ""));
      // then
      assertThat(report.kind()).isEqualTo(Kind.NOT_READY);
      assertThat(report.message())
          .isEqualTo("connection refused by 127.0.0.1:" + port.number() + " (GET /base/v1/models)");
    }
  }

  @Test
  void givesUpOnASlowTargetAfterFiveSeconds() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      // given
      Run run = run(silent.getLocalPort(), "");
      long start = System.nanoTime();
      // when
      RunReport report = execute(run);
      // then
      assertThat(report.kind()).isEqualTo(Kind.NOT_READY);
      assertThat(report.message()).startsWith("no response within 5 s from http://127.0.0.1:");
      assertThat((System.nanoTime() - start) / 1e9).isBetween(4.5, 60.0);
    }
  }

  @Test
  void passesNoMessageHeaderToTheTarget() throws Exception {
    try (TargetServer other = TargetServer.answering(200, "{}");
        TargetServer target = TargetServer.answering(200, "{}")) {
      // given
      Run run = run(target.port(), "");
      Map<String, Object> headers =
          Map.of(
              "CamelHttpUri", "http://127.0.0.1:" + other.port(),
              "CamelHttpPath", "/elsewhere",
              "CamelHttpQuery", "a=b",
              "CamelHttpMethod", "POST",
              "Authorization", "Bearer of-the-message");
      // when
      execute(run, headers);
      // then
      assertThat(other.requests).isEmpty();
      assertThat(target.requests).startsWith("GET /base/v1/models");
      assertThat(target.authorizations).containsOnly("null");
    }
  }

  private Run run(int port, String more) throws Exception {
    return accept(
            """
            readiness: {preflight: false}
            base_config:
              model: fake-ok
              url: http://127.0.0.1:%d/base
              warmup_request_count: 1
              benchmark_duration: 1
              concurrency: 2
            """
                    .formatted(port)
                + more)
        .run(0);
  }

  private RunReport execute(Run run) throws InterruptedException {
    return execute(run, Map.of());
  }

  private RunReport execute(Run run, Map<String, Object> headers) throws InterruptedException {
    MockEndpoint recorded = getMockEndpoint("mock:recorded");
    recorded.setResultWaitTime(60_000);
    recorded.expectedMessageCount(1);
    template.sendBodyAndHeaders("seda:runs", order(run), headers);
    recorded.assertIsSatisfied();
    return body(recorded.getExchanges().get(0), RunReport.class);
  }
}
