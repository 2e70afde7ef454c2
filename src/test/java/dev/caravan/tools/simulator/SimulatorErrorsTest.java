package dev.caravan.tools.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Error responses of a simulator, and simulated faults. */
class SimulatorErrorsTest {

  private static final SimulatorOptions QUICK =
      SimulatorOptions.defaults()
          .withPort(0)
          .withTtft(Duration.ZERO)
          .withItl(Duration.ZERO)
          .withOutputTokens(3);

  @Test
  void requiresTheKey() throws IOException {
    try (Simulator simulator = Simulator.start(QUICK.withKey(new BearerAuth("sk-right")))) {
      SimulatorClient client = new SimulatorClient(simulator);

      // when
      HttpResponse<String> right = client.get("/v1/models", "Authorization", "Bearer sk-right");
      HttpResponse<String> wrong = client.get("/v1/models", "Authorization", "Bearer sk-wrong");
      HttpResponse<String> none = client.chat("");

      // then
      assertThat(right.statusCode()).isEqualTo(200);
      assertError(wrong, 401, "invalid_api_key", "Incorrect API key provided.");
      assertError(
          none,
          401,
          "invalid_api_key",
          "You didn't provide an API key. Send it as: Authorization: Bearer YOUR_KEY.");
      assertThat(none.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      assertThat(client.get("/health").statusCode()).isEqualTo(200);
      assertThat(client.get("/metrics").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void explainsInvalidRequests() throws IOException {
    try (Simulator simulator = Simulator.start(QUICK)) {
      SimulatorClient client = new SimulatorClient(simulator);

      assertError(
          client.post("/v1/completions", "{\"model\": \"gpt-9\", \"prompt\": \"a\"}"),
          404,
          "model_not_found",
          "The model `gpt-9` does not exist.");
      assertError(
          client.get("/v1/embeddings"), 404, "unknown_url", "Invalid URL (GET /v1/embeddings).");
      assertError(client.get("/"), 404, "unknown_url", "Invalid URL (GET /).");
      assertError(
          client.post("/v1/models", "{}"),
          405,
          "method_not_allowed",
          "Not allowed to POST on /v1/models.");
      assertError(
          client.post("/v1/chat/completions", "{nonsense"),
          400,
          "invalid_value",
          "The body is not valid JSON (line 1, column 2).");
      assertError(
          client.post("/v1/chat/completions", "[".repeat(100_000)),
          400,
          "invalid_value",
          "The body is not valid JSON, or is nested too deeply.");
      await()
          .untilAsserted(
              () ->
                  assertThat(simulator.counts().byStatus())
                      .isEqualTo(Map.of(400, 2L, 404, 3L, 405, 1L)));
    }
  }

  @Test
  void refusesABodyThatIsTooLarge() throws IOException {
    try (Simulator simulator = Simulator.start(QUICK)) {
      SimulatorClient client = new SimulatorClient(simulator);

      // when
      HttpResponse<String> response =
          client.post("/v1/completions", "x".repeat((int) SimulatorApi.MAX_BODY + 1));

      // then
      assertError(
          response, 413, "request_too_large", "The request body is larger than 4194304 bytes.");
      assertThat(client.chat("").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void failsTheSameShareOfRequestsForTheSameSeed() throws IOException {
    // given
    List<Integer> statuses = statuses(QUICK.withErrorRate(0.3).withSeed(5));

    // then
    assertThat(statuses).containsOnly(200, 500);
    assertThat(statuses.stream().filter(s -> s == 500)).hasSize(6);
    assertThat(statuses(QUICK.withErrorRate(0.3).withSeed(5))).isEqualTo(statuses);
  }

  @Test
  void simulatesServerErrors() throws IOException {
    try (Simulator simulator = Simulator.start(QUICK.withErrorRate(1))) {
      // when
      HttpResponse<String> response = new SimulatorClient(simulator).chat("");

      // then
      assertError(response, 500, "simulated_error", "Simulated failure.");
      await().until(() -> simulator.counts().responses(500) == 1);
    }
  }

  @Test
  void isNotReadyBeforeItsDelay() throws IOException {
    try (Simulator simulator = Simulator.start(QUICK.withReadyDelay(Duration.ofHours(1)))) {
      SimulatorClient client = new SimulatorClient(simulator);

      assertError(client.chat(""), 503, "model_not_ready", "The model is still being loaded.");
      assertThat(client.get("/v1/models").statusCode()).isEqualTo(503);
      assertThat(client.get("/health").statusCode()).isEqualTo(503);
      assertThat(client.get("/metrics").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void becomesReadyAfterItsDelay() throws IOException {
    try (Simulator simulator = Simulator.start(QUICK.withReadyDelay(Duration.ofMillis(200)))) {
      SimulatorClient client = new SimulatorClient(simulator);

      await().until(() -> client.get("/v1/models").statusCode() == 200);
      assertThat(client.chat("").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void hangsWithoutUsingASlot() throws IOException {
    try (Simulator simulator = Simulator.start(QUICK.withHangRate(0.5).withCapacity(1))) {
      SimulatorClient client = new SimulatorClient(simulator);
      List<Socket> sockets = new ArrayList<>();

      // when
      for (int i = 0; i < 6; i++) {
        sockets.add(client.openChat());
      }

      // then
      await().until(() -> simulator.counts().completions() == 6);
      await().until(() -> simulator.counts().responses(200) == 3);
      await().until(() -> simulator.counts().running() == 0);
      for (Socket socket : sockets) {
        socket.close();
      }
      await().until(() -> simulator.counts().dropped() == 3);
    }
  }

  @Test
  void reportsThatThePortIsInUse() throws IOException {
    try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = occupied.getLocalPort();

      assertThatThrownBy(() -> Simulator.start(QUICK.withPort(port)))
          .isInstanceOf(IOException.class)
          .hasMessage("cannot listen on 127.0.0.1:" + port + ": Address already in use");
    }
  }

  @Test
  void freesItsPortWhenClosedRepeatedly() throws IOException {
    // given
    Simulator first = Simulator.start(QUICK);

    // when
    first.close();
    first.close();

    // then
    try (Simulator second = Simulator.start(QUICK.withPort(first.port()))) {
      assertThat(second.url()).isEqualTo("http://127.0.0.1:" + first.port());
    }
  }

  private static List<Integer> statuses(SimulatorOptions options) throws IOException {
    try (Simulator simulator = Simulator.start(options)) {
      SimulatorClient client = new SimulatorClient(simulator);
      List<Integer> statuses = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        statuses.add(client.chat("").statusCode());
      }
      return statuses;
    }
  }

  private static void assertError(
      HttpResponse<String> response, int status, String code, String message) throws IOException {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    JsonNode error = new ObjectMapper().readTree(response.body()).get("error");
    assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
    assertThat(error.get("code").textValue()).isEqualTo(code);
    assertThat(error.get("message").textValue()).isEqualTo(message);
    assertThat(error.get("type").textValue())
        .isEqualTo(status >= 500 ? "server_error" : "invalid_request_error");
  }
}
