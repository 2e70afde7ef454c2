package dev.caravan.tools.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Faults as a client sees them. */
class FaultTest {

  private static SimulatorOptions quick() {
    return SimulatorOptions.defaults()
        .withPort(0)
        .withTtft(Duration.ZERO)
        .withItl(Duration.ZERO)
        .withOutputTokens(4);
  }

  private static Simulator start(Fault... lies) throws IOException {
    return Simulator.start(quick().withFaults(List.of(lies)));
  }

  @ParameterizedTest
  @CsvSource({
    "reply, nine, reply tokens must be a number such as 9 or a factor such as x10",
    "reply, 0, 'reply tokens must be from 1 to 131072, not 0'",
    "prefill, 1ms, prefill must be a duration per token such as 1ms/token",
    "drift, 50, drift must be a percentage such as 50%",
    "silence, 4s, silence must be a duration and its start such as 4s@2s",
  })
  void refusesWhatItDoesNotUnderstand(String fault, String value, String message) {
    assertThatThrownBy(
            () -> {
              switch (fault) {
                case "reply" -> Fault.replyTokens(value);
                case "prefill" -> Fault.prefill(value);
                case "drift" -> Fault.drift(value);
                default -> Fault.silence(value);
              }
            })
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void aBrokenStreamEndsInAnErrorEvent() throws IOException {
    try (Simulator simulator = start(Fault.truncate(1))) {
      // when
      HttpResponse<String> response = new SimulatorClient(simulator).chat(", \"stream\": true");

      // then
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).contains("simulated_error").doesNotContain("[DONE]");
    }
  }

  @Test
  void aBufferedStreamHasTheSameEvents() throws IOException {
    try (Simulator plain = start();
        Simulator buffered = start(Fault.oneChunk(1))) {
      assertThat(stream(buffered)).isEqualTo(stream(plain)).contains("[DONE]");
    }
  }

  @Test
  void aStreamThatIsCutOffEndsInTheMiddleWithoutAWord() throws IOException {
    try (Simulator plain = start();
        Simulator cut = start(Fault.cutOff(1))) {
      // when
      String events = stream(cut);

      // then
      assertThat(stream(plain)).startsWith(events).contains("[DONE]", "\"usage\"");
      assertThat(events.lines().filter(line -> line.startsWith("data: "))).hasSize(3);
    }
  }

  @Test
  void aFillerComesBeforeTheModelAnswers() throws Exception {
    // given: a model that never answers within the test
    try (Simulator simulator =
        Simulator.start(
            quick().withTtft(Duration.ofMinutes(5)).withFaults(List.of(Fault.filler())))) {
      // when
      try (InputStream stream = new SimulatorClient(simulator).chatStream()) {
        // then
        assertThat(new String(stream.readNBytes(5), StandardCharsets.UTF_8)).isEqualTo("data:");
      }
    }
  }

  @Test
  void aResponseWithoutUsageIsWholeOtherwise() throws IOException {
    try (Simulator simulator = start(Fault.noUsage(0.5))) {
      SimulatorClient client = new SimulatorClient(simulator);
      assertThat(client.chat("").body()).contains("\"usage\"");
      assertThat(client.chat("").body()).doesNotContain("\"usage\"").contains("finish_reason");
      assertThat(stream(simulator)).contains("\"usage\"", "[DONE]");
      assertThat(stream(simulator)).doesNotContain("\"usage\"").contains("[DONE]");
    }
  }

  @Test
  void aCancelledRequestGetsTheWordsOfAiperf() throws IOException {
    try (Simulator simulator = start(Fault.cancelled(0.5))) {
      SimulatorClient client = new SimulatorClient(simulator);
      assertThat(client.chat("").statusCode()).isEqualTo(200);
      assertThat(client.chat(""))
          .returns(499, HttpResponse::statusCode)
          .returns("Request cancelled 0.100s after being sent", HttpResponse::body);
    }
  }

  private static String stream(Simulator simulator) {
    return new SimulatorClient(simulator)
        .chat(", \"stream\": true, \"stream_options\": {\"include_usage\": true}")
        .body()
        .replaceAll("\"created\":\\d+", "");
  }

  @Test
  void reportsCachedTokens() throws IOException {
    try (Simulator simulator = start(Fault.prefixCache())) {
      // given
      SimulatorClient client = new SimulatorClient(simulator);

      // when
      String body = client.chat("").body();

      // then
      assertThat(body)
          .contains("\"prompt_tokens\":19,")
          .contains("\"prompt_tokens_details\":{\"cached_tokens\":16}");
      assertThat(client.get("/metrics").body())
          .contains("vllm:prefix_cache_queries_total{model_name=\"simulated-model\"} 19\n")
          .contains("vllm:prefix_cache_hits_total{model_name=\"simulated-model\"} 16\n");
    }
  }

  @Test
  void withoutACacheItReportsNone() throws IOException {
    try (Simulator simulator = start()) {
      // given
      SimulatorClient client = new SimulatorClient(simulator);

      // then
      assertThat(client.chat("").body()).doesNotContain("cached_tokens");
      assertThat(client.get("/metrics").body()).doesNotContain("prefix_cache");
    }
  }

  @Test
  void aRestartDropsConnectionsAndChangesTheProcess() throws Exception {
    // given
    SimulatorOptions options =
        quick()
            .withHangRate(1)
            .withDeployment(new Deployment("1.2.3", 1, Duration.ofMillis(1_500), 0));
    try (Simulator simulator = Simulator.start(options)) {
      SimulatorClient client = new SimulatorClient(simulator);
      String before = processStart(client);

      // when
      CompletableFuture<HttpResponse<String>> hanging = client.chatAsync("");

      // then
      assertThat(hanging).failsWithin(Duration.ofSeconds(20));
      assertThat(processStart(client)).isNotEqualTo(before);
      assertThat(client.get("/version").body()).isEqualTo("{\"version\":\"1.2.3\"}");
    }
  }

  @Test
  void replicasTakeTurns() throws IOException {
    // given
    SimulatorOptions options = quick().withDeployment(new Deployment("1", 2, Duration.ZERO, 0));
    try (Simulator two = Simulator.start(options);
        Simulator one = start()) {
      SimulatorClient client = new SimulatorClient(two);
      SimulatorClient single = new SimulatorClient(one);

      // when
      String first = processStart(client);

      // then
      assertThat(processStart(client)).isNotEqualTo(first);
      assertThat(processStart(client)).isEqualTo(first);
      assertThat(processStart(single)).isEqualTo(processStart(single));
    }
  }

  @Test
  void requestsOfOthersAreAlwaysRunning() throws IOException {
    // given
    SimulatorOptions options = quick().withDeployment(new Deployment("1", 1, Duration.ZERO, 10));
    try (Simulator simulator = Simulator.start(options)) {
      SimulatorClient client = new SimulatorClient(simulator);

      // then
      assertThat(client.chat("").statusCode()).isEqualTo(200);
      assertThat(client.get("/metrics").body())
          .contains("vllm:num_requests_running{model_name=\"simulated-model\"} 10\n");
    }
  }

  @Test
  void aWedgedServiceStillAcceptsConnections() throws Exception {
    try (Simulator simulator = start(Fault.wedgeAfter(1))) {
      // given
      SimulatorClient client = new SimulatorClient(simulator);
      assertThat(client.chat("").statusCode()).isEqualTo(200);

      // when
      CompletableFuture<HttpResponse<String>> wedged = client.chatAsync("");

      // then
      assertThat(client.get("/v1/models").statusCode()).isEqualTo(200);
      assertThat(wedged).isNotDone();
      wedged.cancel(true);
    }
  }

  @Test
  void aSilentServiceSendsNoToken() throws Exception {
    try (Simulator simulator = start(Fault.silence("300ms@0s"))) {
      // when
      long begin = System.nanoTime();
      try (InputStream stream = new SimulatorClient(simulator).chatStream()) {
        stream.read();
      }

      // then
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isGreaterThanOrEqualTo(Duration.ofMillis(290));
    }
  }

  private static String processStart(SimulatorClient client) {
    return client
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("process_start_time_seconds "))
        .findFirst()
        .orElseThrow();
  }
}
