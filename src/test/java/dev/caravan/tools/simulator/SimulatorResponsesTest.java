package dev.caravan.tools.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The responses of a simulator without faults. */
class SimulatorResponsesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static Simulator simulator;
  private static SimulatorClient client;

  @BeforeAll
  static void start() throws IOException {
    simulator = Simulator.start(quick().withModels(List.of("simulated-model", "meta/other-\"70b")));
    client = new SimulatorClient(simulator);
  }

  @AfterAll
  static void stop() {
    simulator.close();
  }

  private static SimulatorOptions quick() {
    return SimulatorOptions.defaults()
        .withPort(0)
        .withTtft(Duration.ZERO)
        .withItl(Duration.ZERO)
        .withOutputTokens(3);
  }

  @Test
  void listsItsModels() throws IOException {
    // when
    HttpResponse<String> response = client.get("/v1/models");

    // then
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode body = JSON.readTree(response.body());
    assertThat(body.get("object").textValue()).isEqualTo("list");
    assertThat(body.findValuesAsText("id")).containsExactly("simulated-model", "meta/other-\"70b");
    assertThat(body.at("/data/0/object").textValue()).isEqualTo("model");
  }

  @Test
  void returnsACompleteChatResponse() {
    // when
    HttpResponse<String> response = client.chat(", \"max_tokens\": 2");

    // then
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(masked(response.body()))
        .isEqualTo(
            "{\"id\":\"chatcmpl-N\",\"object\":\"chat.completion\",\"created\":T,"
                + "\"model\":\"simulated-model\",\"choices\":[{\"index\":0,\"message\":"
                + "{\"role\":\"assistant\",\"content\":\" word word\"},"
                + "\"logprobs\":null,\"finish_reason\":\"length\"}],\"usage\":"
                + "{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}");
  }

  @Test
  void returnsACompleteCompletionResponse() {
    // when
    HttpResponse<String> response =
        client.post("/v1/completions", "{\"model\": \"simulated-model\", \"prompt\": \"Once\"}");

    // then
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(masked(response.body()))
        .isEqualTo(
            "{\"id\":\"cmpl-N\",\"object\":\"text_completion\",\"created\":T,"
                + "\"model\":\"simulated-model\",\"choices\":[{\"index\":0,"
                + "\"text\":\" word word word\",\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":3,\"total_tokens\":4}}");
  }

  @Test
  void streamsAChatAsServerSentEvents() {
    // when
    HttpResponse<String> response =
        client.chat(
            ", \"stream\": true, \"stream_options\": {\"include_usage\": true},"
                + " \"max_completion_tokens\": 2");

    // then
    String prefix =
        "data: {\"id\":\"chatcmpl-N\",\"object\":\"chat.completion.chunk\",\"created\":T,"
            + "\"model\":\"simulated-model\",\"choices\":[";
    String suffix = ",\"logprobs\":null,\"finish_reason\":null}]}\n\n";
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValue("text/event-stream; charset=utf-8");
    assertThat(masked(response.body()))
        .isEqualTo(
            prefix
                + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}"
                + suffix
                + prefix
                + "{\"index\":0,\"delta\":{\"content\":\" word\"}"
                + suffix
                + prefix
                + "{\"index\":0,\"delta\":{\"content\":\" word\"}"
                + suffix
                + prefix
                + "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"length\"}]}\n\n"
                + prefix
                + "],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}\n\n"
                + "data: [DONE]\n\n");
  }

  @Test
  void streamsUsageOnlyOnRequest() {
    // when
    HttpResponse<String> response =
        client.post(
            "/v1/completions",
            "{\"model\": \"meta/other-\\\"70b\", \"prompt\": \"Once\", \"stream\": true,"
                + " \"max_tokens\": 1}");

    // then
    String prefix =
        "data: {\"id\":\"cmpl-N\",\"object\":\"text_completion\",\"created\":T,"
            + "\"model\":\"meta/other-\\\"70b\",\"choices\":[{\"index\":0,";
    assertThat(masked(response.body()))
        .isEqualTo(
            prefix
                + "\"text\":\" word\",\"logprobs\":null,\"finish_reason\":null}]}\n\n"
                + prefix
                + "\"text\":\"\",\"logprobs\":null,\"finish_reason\":\"length\"}]}\n\n"
                + "data: [DONE]\n\n");
  }

  @Test
  void repeatsItsResponsesForTheSameSeed() throws IOException {
    // given
    String answer = firstResponse(7);

    // then
    assertThat(firstResponse(7)).isEqualTo(answer);
    assertThat(List.of(firstResponse(8), firstResponse(9), firstResponse(10)))
        .anyMatch(other -> !other.equals(answer));
  }

  @Test
  void returnsAnEmptyHealthResponse() {
    assertThat(client.get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void exposesMetricsUnderTheNamesOfVllm() throws IOException {
    try (Simulator fresh = Simulator.start(quick().withModels(List.of("a\"b")))) {
      // given
      SimulatorClient client = new SimulatorClient(fresh);
      client.post(
          "/v1/completions", "{\"model\": \"a\\\"b\", \"prompt\": [1, 2], \"max_tokens\": 9}");

      // when
      HttpResponse<String> page = client.get("/metrics");

      // then
      assertThat(page.headers().firstValue("Content-Type"))
          .hasValue("text/plain; version=0.0.4; charset=utf-8");
      assertThat(page.body().lines().filter(line -> line.startsWith("vllm:")))
          .containsExactly(
              "vllm:num_requests_running{model_name=\"a\\\"b\"} 0",
              "vllm:num_requests_waiting{model_name=\"a\\\"b\"} 0",
              "vllm:prompt_tokens_total{model_name=\"a\\\"b\"} 2",
              "vllm:generation_tokens_total{model_name=\"a\\\"b\"} 9",
              "vllm:request_success_total{model_name=\"a\\\"b\",finished_reason=\"stop\"} 0",
              "vllm:request_success_total{model_name=\"a\\\"b\",finished_reason=\"length\"} 1");
      assertThat(page.body())
          .contains("# TYPE vllm:num_requests_running gauge\n")
          .contains("# TYPE vllm:generation_tokens_total counter\n")
          .containsPattern("\nprocess_start_time_seconds \\d{10}\n");
    }
  }

  private static String firstResponse(long seed) throws IOException {
    try (Simulator seeded = Simulator.start(quick().withSeed(seed))) {
      String body = new SimulatorClient(seeded).chat("").body();
      return JSON.readTree(body).at("/choices/0/message/content").textValue();
    }
  }

  /** Masks what differs between calls: number, time and words. */
  private static String masked(String body) {
    return body.replaceAll("cmpl-\\d+", "cmpl-N")
        .replaceAll("\"created\":\\d+", "\"created\":T")
        .replaceAll(" [a-z]+(?=[ \"])", " word");
  }
}
