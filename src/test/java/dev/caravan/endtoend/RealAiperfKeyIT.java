package dev.caravan.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.ProcFs;
import dev.caravan.testing.Program;
import dev.caravan.tools.simulator.BearerAuth;
import dev.caravan.tools.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The whole program with the real aiperf and an API key, which must not leak. */
class RealAiperfKeyIT extends RealAiperfTestBase {

  private final String key = "secret-" + UUID.randomUUID();

  @Test
  void passesTheKeyToAiperfWithoutLeakingIt() throws IOException {
    try (Simulator llm = simulator(options().withKey(new BearerAuth(key)))) {
      // given
      caravan.with("SIMULATED_API_KEY", key);

      // when
      Program run = start(config(llm.url(), "  api_key_env_var: SIMULATED_API_KEY\n"));
      AtomicInteger looksAtAiperf = new AtomicInteger();

      // then
      await()
          .atMost(Program.TIMEOUT)
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                looksAtAiperf.addAndGet(caravan.runProcesses().size());
                assertThat(ProcFs.withCommandLine(key)).isEmpty();
                return !run.isRunning();
              });
      assertThat(run.exit()).as(run.err()).isZero();
      assertThat(result().path("status").asText()).isEqualTo("succeeded");
      assertThat(llm.counts().responses(401)).isZero();
      assertThat(result().path("args").toString()).contains("--api-key\",\"$SIMULATED_API_KEY");
      assertThat(looksAtAiperf).hasPositiveValue();
      assertKeyNotLeaked(run);
      assertNothingLeft();
    }
  }

  @Test
  void reportsAWrongKey() throws IOException {
    try (Simulator llm = simulator(options().withKey(new BearerAuth("another key")))) {
      // given
      caravan.with("SIMULATED_API_KEY", key);

      // when
      Program run =
          run(
              config(
                  llm.url(),
                  "  api_key_env_var: SIMULATED_API_KEY\n  health_check_endpoint: none\n"));

      // then
      assertFailed(run, "failed", "unauthorized");
      assertThat(result().path("reasons").get(0).asText())
          .matches(
              "aiperf exited 1: all [\\d,]+ requests failed: 401 Unauthorized.* \\([\\d,]+×\\)");
      assertThat(run.log())
          .anyMatch(
              line ->
                  line.matches(
                      "ERROR: Run failed with exit code 1: unauthorized: aiperf exited 1: all .*"));
      assertKeyNotLeaked(run);
    }
  }

  @Test
  void probesTheTargetWithTheKey() throws IOException {
    try (Simulator llm = simulator(options().withKey(new BearerAuth("another key")))) {
      // given
      caravan.with("SIMULATED_API_KEY", key);

      // when
      Program run = run(config(llm.url(), "  api_key_env_var: SIMULATED_API_KEY\n"));

      // then
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.lastLine())
          .startsWith(
              "ERROR: " + llm.url() + " is not ready: it rejected the key in $SIMULATED_API_KEY: ");
      assertThat(caravan.list("aiperf_results")).isEmpty();
      assertKeyNotLeaked(run);
    }
  }

  private void assertKeyNotLeaked(Program run) throws IOException {
    assertThat(run.err()).doesNotContain(key);
    assertThat(run.out()).doesNotContain(key);
    for (Path file : caravan.files()) {
      assertThat(new String(Files.readAllBytes(file), UTF_8)).as("%s", file).doesNotContain(key);
    }
  }
}
