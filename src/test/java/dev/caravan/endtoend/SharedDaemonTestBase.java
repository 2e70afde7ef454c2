package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import dev.caravan.testing.Results;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * Base class: a daemon with a fake aiperf and a simulated LLM that the tests of a class share. Each
 * test has names of its own for its batches; what it leaves is ended and resumed.
 */
abstract class SharedDaemonTestBase {

  static Caravan caravan;
  static Results home;
  static Simulator llm;
  static Program daemon;

  @BeforeAll
  static void startDaemon(TestInfo test, @TempDir Path folder) throws IOException {
    caravan =
        Caravan.in(folder)
            .withAiperf(FakeAiperf.in(folder.resolve("bin")))
            .with("CARAVAN_DISK_MIN_FREE", "1MB")
            .with("CARAVAN_READINESS_INTERVAL", "300ms");
    test.getTestClass()
        .map(tests -> tests.getAnnotation(DaemonSettings.class))
        .ifPresent(settings -> Stream.of(settings.value()).forEach(SharedDaemonTestBase::set));
    home = new Results(caravan);
    llm = Simulator.start(SimulatorOptions.defaults().withPort(0));
    daemon = caravan.serve();
  }

  private static void set(String setting) {
    String[] parts = setting.split("=", 2);
    caravan.with(parts[0], parts[1]);
  }

  @AfterEach
  void endBatches() throws Exception {
    new Api(caravan::http).endBatches();
  }

  @AfterAll
  static void stopDaemon() {
    caravan.close();
    llm.close();
  }

  /** The request that a command sent; it waits 3 s for the daemon, which a busy one may exceed. */
  static void assertSent(String output, String request) {
    assertThat(output)
        .startsWith(request + ": ")
        .containsPattern(": (done|the daemon has not carried out the request yet: .+)\n$");
  }

  /** A config of one run against the simulated LLM, with additional top-level keys. */
  static String config(String batchName, String model, String more) {
    return FakeAiperfTestBase.oneRun(batchName, model, llm.url(), more);
  }
}
