package dev.caravan.endtoend;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Results;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Base class of tests of the whole program with a fake aiperf and a simulated LLM. */
abstract class FakeAiperfTestBase {

  Path bin;
  Caravan caravan;
  Results home;
  Simulator llm;

  @BeforeEach
  void setUp(@TempDir Path folder) throws IOException {
    bin = folder.resolve("bin");
    useHome(folder, "home");
    // A port that nobody takes while a test has it closed.
    llm = Simulator.start(SimulatorOptions.defaults().withPort(Caravan.freePort()));
  }

  @AfterEach
  void tearDown() {
    caravan.close();
    llm.close();
  }

  /** Switches to a home of this name. */
  void useHome(Path folder, String homeName) {
    caravan = Caravan.in(folder, homeName).withAiperf(FakeAiperf.in(bin));
    configure(caravan, folder);
    home = new Results(caravan);
  }

  /** Sets further environment variables of the program; for subclasses. */
  void configure(Caravan program, Path folder) {
    program.with("CARAVAN_READINESS_INTERVAL", "300ms");
  }

  /** A config of one run against the simulated LLM, with additional top-level keys. */
  String config(String batchName, String model, String more) {
    return oneRun(batchName, model, llm.url(), more);
  }

  /** The same for {@code caravan run}, which asks a target once, and waits 5 s for its answer. */
  String unprobed(String batchName, String model, String more) {
    return config(batchName, model, more)
        .replace("{preflight: false}", "{preflight: false, endpoint: none}");
  }

  /** A config of one run against this URL, with additional top-level keys. */
  static String oneRun(String batchName, String model, String url, String more) {
    return """
        batch_name: %s
        readiness: {preflight: false}
        base_config:
          model: %s
          url: %s
          warmup_request_count: 1
          benchmark_duration: 1
          concurrency: 1
        %s
        """
        .formatted(batchName, model, url, more);
  }
}
