package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import dev.caravan.testing.Results;
import dev.caravan.testing.StandaloneBroker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A hub with an embedded broker and workers with a fake aiperf, each in its own JVM and home. */
final class Fleet implements AutoCloseable {

  private final List<Caravan> all = new ArrayList<>();
  private final String lease;
  final Path folder;
  final String broker;
  final Caravan hub;
  final Results results;

  /** A fleet in a folder, whose members wait this long for each other before they act. */
  Fleet(Path folder, String lease) {
    this.folder = folder;
    this.lease = lease;
    broker = "tcp://127.0.0.1:" + Caravan.freePort();
    hub = caravan("hub").with("CARAVAN_BROKER_LISTEN", broker);
    results = new Results(hub);
  }

  @Override
  public void close() {
    all.forEach(Caravan::close);
  }

  Caravan caravan(String name) {
    Caravan caravan =
        Caravan.in(folder.resolve(name))
            .with("CARAVAN_WORKER_HEARTBEAT", "500ms")
            .with("CARAVAN_WORKER_LEASE", lease)
            .with("CARAVAN_LOCKS_DIR", folder.resolve("locks-" + name).toString());
    all.add(caravan);
    return caravan;
  }

  Program startHub() {
    Program program = hub.startJar("serve", "--role", "hub", "--broker", "embedded");
    program.awaitLine("Watching inbox");
    return program;
  }

  Caravan worker(String name) {
    return caravan(name).withAiperf(FakeAiperf.in(folder.resolve(name + "-bin")));
  }

  Program startWorker(Caravan worker) {
    Program program = worker.startJar("serve", "--role", "worker", "--broker", broker);
    program.awaitLine("Working for");
    return program;
  }

  /**
   * Lets a worker execute the batch {@code far}; asserts that the hub has the files of its runs.
   */
  void executeTwoRuns(Caravan worker) {
    hub.drop("far.yaml", config("far", "fake-ok", "sweeps: {concurrency: [1, 2]}"));
    results.await("far");
    assertThat(results.summary("far").path("completed").asInt()).isEqualTo(2);
    Path run = hub.batch("far").resolve("concurrency2");
    assertThat(run.resolve("logs/aiperf.log")).exists();
    assertThat(run.resolve("run_metadata.json"))
        .content()
        .contains("--output-artifact-dir " + run)
        .doesNotContain("spool");
    eventually().until(() -> worker.list(".caravan/spool").isEmpty());
  }

  static String config(String name, String model, String rest) {
    return """
        batch_name: %s
        base_config:
          model: %s
          url: "http://127.0.0.1:9"
          warmup_request_count: 2
          benchmark_duration: 1
          concurrency: 1
        readiness: {preflight: false, endpoint: none}
        %s
        """
        .formatted(name, model, rest);
  }

  Program startBroker(Caravan home) {
    Program program =
        home.startMain(StandaloneBroker.class, Map.of(), home.home().toString(), broker);
    program.awaitLine("broker is up");
    return program;
  }
}
