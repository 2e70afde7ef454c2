package dev.caravan.tools.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Latency, queueing and back-pressure of a simulator. */
@Tag("timing")
class SimulatorTimingTest {

  private static final Duration NEVER = Duration.ofHours(1);

  private static final SimulatorOptions STEADY =
      SimulatorOptions.defaults().withPort(0).withTiming(timing(Duration.ZERO, Duration.ZERO));

  @Test
  void keepsTtftAndInterTokenLatency() throws IOException {
    try (Simulator simulator =
        Simulator.start(STEADY.withTiming(timing(Duration.ofMillis(100), Duration.ofMillis(20))))) {
      SimulatorClient client = new SimulatorClient(simulator);

      // when
      long start = System.nanoTime();
      client.chat(", \"max_tokens\": 6");
      long nanos = System.nanoTime() - start;

      // then
      assertThat(Duration.ofNanos(nanos)).isGreaterThanOrEqualTo(Duration.ofMillis(199));
    }
  }

  @Test
  void streamsEachTokenAndStopsWhenTheClientDisconnects() throws Exception {
    try (Simulator simulator = Simulator.start(STEADY.withTiming(timing(Duration.ZERO, NEVER)))) {
      // when
      try (InputStream stream = new SimulatorClient(simulator).chatStream();
          BufferedReader lines =
              new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        // then
        assertThat(lines.readLine()).contains("\"role\":\"assistant\"");
        assertThat(lines.readLine()).isEmpty();
        assertThat(lines.readLine()).contains("\"delta\":{\"content\":\" ");
        assertThat(simulator.counts().running()).isEqualTo(1);
        assertThat(simulator.counts().generatedTokens()).isEqualTo(1);
      }
      await().until(() -> simulator.counts().dropped() == 1);
      await().until(() -> simulator.counts().running() == 0);
      assertThat(simulator.counts().byStatus()).isEmpty();
    }
  }

  @Test
  void queuesRequestsBeyondItsCapacity() throws IOException {
    try (Simulator simulator =
        Simulator.start(STEADY.withCapacity(2).withTiming(timing(NEVER, Duration.ZERO)))) {
      SimulatorClient client = new SimulatorClient(simulator);

      // when
      List<Socket> sockets = new ArrayList<>();
      for (int i = 1; i <= 5; i++) {
        sockets.add(client.openChat());
        awaitCompletions(simulator, i);
      }

      // then
      await().until(() -> simulator.counts().waiting() == 3);
      assertThat(simulator.counts().running()).isEqualTo(2);
      assertThat(client.get("/metrics").body())
          .contains("vllm:num_requests_running{model_name=\"simulated-model\"} 2\n")
          .contains("vllm:num_requests_waiting{model_name=\"simulated-model\"} 3\n");

      // when a running request disconnects, and then a queued one
      sockets.get(0).close();
      await().until(() -> simulator.counts().waiting() == 2);
      sockets.get(4).close();

      // then the first in the queue gets the slot, and the other is removed
      await().until(() -> simulator.counts().waiting() == 1);
      assertThat(simulator.counts().running()).isEqualTo(2);
      for (Socket socket : sockets) {
        socket.close();
      }
      await().until(() -> simulator.counts().dropped() == 5);
      await().until(() -> simulator.counts().running() == 0);
    }
  }

  @Test
  void respondsInTheOrderOfArrival() throws IOException {
    try (Simulator simulator =
        Simulator.start(
            STEADY.withCapacity(1).withTiming(timing(Duration.ofMillis(60), Duration.ZERO)))) {
      SimulatorClient client = new SimulatorClient(simulator);
      List<Socket> sockets = new ArrayList<>();

      // when
      for (int i = 1; i <= 4; i++) {
        sockets.add(client.openChat());
        awaitCompletions(simulator, i);
      }

      // then
      await().until(() -> responsesInOrder(sockets) == 4);
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /**
   * How many responses have come; each after those before it, which are looked at later. The order
   * in which threads of a client would tell of them is another one on a busy machine.
   */
  private static int responsesInOrder(List<Socket> sockets) throws IOException {
    int come = 0;
    for (int i = sockets.size() - 1; i >= 0; i--) {
      boolean hasCome = sockets.get(i).getInputStream().available() > 0;
      assertThat(hasCome || come == 0).as("response %s before %s", i + 2, i + 1).isTrue();
      come += hasCome ? 1 : 0;
    }
    return come;
  }

  @Test
  void appliesBackPressureWhenTheClientDoesNotRead() throws IOException {
    try (Simulator simulator = Simulator.start(STEADY.withOutputTokens(100_000))) {
      SimulatorClient client = new SimulatorClient(simulator);

      // when
      try (Socket socket = client.openUnreadStream()) {
        await().until(() -> simulator.counts().generatedTokens() > 0);
        await()
            .during(Duration.ofMillis(300))
            .until(() -> simulator.counts().generatedTokens() < 100_000);
        assertThat(simulator.counts().running()).isEqualTo(1);
        assertThat(socket.isConnected()).isTrue();
      }

      // then
      await().untilAsserted(() -> assertThat(simulator.counts().dropped()).isEqualTo(1));
      await().until(() -> simulator.counts().running() == 0);
    }
  }

  private static void awaitCompletions(Simulator simulator, int count) {
    await().until(() -> simulator.counts().completions() == count);
  }

  private static ResponseTiming timing(Duration ttft, Duration itl) {
    return new ResponseTiming(ttft, itl, 0, 0);
  }
}
