package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.ProcFs;
import dev.caravan.testing.Program;
import dev.caravan.testing.RealAiperf;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real aiperf ends when the Caravan that started it does. */
class AiperfGuardIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Test
  void endsSoonWhenItsDaemonIsKilledAndNobodyRestartsIt(@TempDir Path folder) throws Exception {
    RealAiperf.ready(folder.resolve("setup"));
    try (Simulator llm = Simulator.start(SimulatorOptions.defaults().withPort(0));
        Caravan caravan = Caravan.in(folder).with("CARAVAN_AIPERF_COMMAND", "")) {
      // given: a measuring aiperf with its service processes
      Program daemon = caravan.startJar("serve").awaitLine("Watching");
      caravan.drop("real.yaml", config(llm.url()));
      await().atMost(PATIENCE).until(() -> isMeasuring(caravan));
      List<ProcessHandle> tree =
          ProcessHandle.of(daemon.pid()).orElseThrow().descendants().toList();
      assertThat(tree).hasSizeGreaterThan(3);
      // when: kill -9
      daemon.kill();
      // then
      await()
          .atMost(PATIENCE) // far less than the benchmark takes
          .until(() -> tree.stream().noneMatch(process -> ProcFs.isAlive(process.pid())));
    }
  }

  private static boolean isMeasuring(Caravan caravan) {
    return caravan.batches("real").stream()
        .map(batch -> batch.resolve("profile_export.jsonl"))
        .anyMatch(requests -> requests.toFile().length() > 0);
  }

  private static String config(String url) {
    return """
        batch_name: real
        readiness: {preflight: false}
        base_config:
          model: simulated-model
          tokenizer: builtin
          url: %s
          streaming: true
          warmup_request_count: 1
          benchmark_duration: 1000
          concurrency: 2
        """
        .formatted(url);
  }
}
