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
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a simulator paces its answers and keeps its line. */
class SimulatorTimingTest {

  private static final Duration NEVER = Duration.ofHours(1);

  private static final SimulatorOptions STEADY =
      SimulatorOptions.defaults().withPort(0).withPace(pace(Duration.ZERO, Duration.ZERO));

  @Test
  void takesAtLeastItsTimeToTheFirstTokenAndForEachOther() throws IOException {
    try (Simulator simulator =
        Simulator.start(STEADY.withPace(pace(Duration.ofMillis(100), Duration.ofMillis(20))))) {
      Caller caller = new Caller(simulator);

      // when
      long start = System.nanoTime();
      caller.chat(", \"max_tokens\": 6");
      long nanos = System.nanoTime() - start;

      // then
      assertThat(Duration.ofNanos(nanos)).isGreaterThanOrEqualTo(Duration.ofMillis(199));
    }
  }

  @Test
  void sendsEachTokenWhenItComesAndStopsWhenTheCallerHangsUp() throws Exception {
    try (Simulator simulator = Simulator.start(STEADY.withPace(pace(Duration.ZERO, NEVER)))) {
      // when
      try (InputStream stream = new Caller(simulator).chatStream();
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
  void letsRequestsBeyondItsCapacityWait() throws IOException {
    try (Simulator simulator =
        Simulator.start(STEADY.withCapacity(2).withPace(pace(NEVER, Duration.ZERO)))) {
      Caller caller = new Caller(simulator);

      // when
      List<Socket> lines = new ArrayList<>();
      for (int i = 1; i <= 5; i++) {
        lines.add(caller.chatAndKeepTheLine());
        awaitCompletions(simulator, i);
      }

      // then
      await().until(() -> simulator.counts().waiting() == 3);
      assertThat(simulator.counts().running()).isEqualTo(2);
      assertThat(caller.get("/metrics").body())
          .contains("vllm:num_requests_running{model_name=\"simulated-model\"} 2\n")
          .contains("vllm:num_requests_waiting{model_name=\"simulated-model\"} 3\n");

      // when one that is served hangs up, and one that waits
      lines.get(0).close();
      await().until(() -> simulator.counts().waiting() == 2);
      lines.get(4).close();

      // then the first in line is served, and the other is gone
      await().until(() -> simulator.counts().waiting() == 1);
      assertThat(simulator.counts().running()).isEqualTo(2);
      for (Socket line : lines) {
        line.close();
      }
      await().until(() -> simulator.counts().dropped() == 5);
      await().until(() -> simulator.counts().running() == 0);
    }
  }

  @Test
  void answersInTheOrderOfArrival() throws IOException {
    try (Simulator simulator =
        Simulator.start(
            STEADY.withCapacity(1).withPace(pace(Duration.ofMillis(60), Duration.ZERO)))) {
      Caller caller = new Caller(simulator);
      List<Integer> answered = Collections.synchronizedList(new ArrayList<>());

      // when
      for (int i = 1; i <= 4; i++) {
        int number = i;
        caller.chatLater("").thenRun(() -> answered.add(number));
        awaitCompletions(simulator, i);
      }

      // then
      await().until(() -> answered.size() == 4);
      assertThat(answered).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void holdsBackWhenTheCallerDoesNotRead() throws IOException {
    try (Simulator simulator = Simulator.start(STEADY.withOutputTokens(100_000))) {
      Caller caller = new Caller(simulator);

      // when
      try (Socket line = caller.streamAndNeverRead()) {
        await().until(() -> simulator.counts().generatedTokens() > 0);
        await()
            .during(Duration.ofMillis(300))
            .until(() -> simulator.counts().generatedTokens() < 100_000);
        assertThat(simulator.counts().running()).isEqualTo(1);
        assertThat(line.isConnected()).isTrue();
      }

      // then
      await().untilAsserted(() -> assertThat(simulator.counts().dropped()).isEqualTo(1));
      await().until(() -> simulator.counts().running() == 0);
    }
  }

  private static void awaitCompletions(Simulator simulator, int count) {
    await().until(() -> simulator.counts().completions() == count);
  }

  private static ResponseTiming pace(Duration ttft, Duration itl) {
    return new ResponseTiming(ttft, itl, 0, 0);
  }
}
