package dev.caravan.cli;

import dev.caravan.config.Overrides;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.pipeline.accept.InboxSubmission;
import dev.caravan.pipeline.outcome.FailOn;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.Home;
import dev.caravan.tools.simulator.Fault;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code caravan demo --lying}: benchmarks of three services whose numbers look good and are wrong,
 * without an error of any request.
 */
final class LyingDemo {

  private static final String CONFIG =
      """
      # %s
      batch_name: %s
      base_config:
        model: simulated-model
        tokenizer: builtin
        url: %s
        streaming: true
        warmup_request_count: 2
        benchmark_duration: 5
        concurrency: 4
        random_seed: 1
        prompt_input_tokens_mean: 100
        prompt_output_tokens_mean: 40
        aiperf_options:
          num_dataset_entries: 10 # a small set of prompts, sent again and again
      """;

  /**
   * A service and what is wrong with it.
   *
   * @param name name of its batch
   * @param lie what it does, in words
   * @param faults what it does
   */
  private record Service(String name, String lie, List<Fault> faults) {}

  private static final List<Service> SERVICES =
      List.of(
          new Service("filtered", "refuses every prompt, with status 200", List.of(Fault.refuse())),
          new Service(
              "cached",
              "answers repeated prompts from its prefix cache",
              List.of(Fault.prefixCache(), Fault.prefill("1ms/token"))),
          new Service(
              "buffered",
              "is behind a proxy that buffers each stream and sends it in one piece",
              List.of(Fault.oneChunk(1))));

  private final Consumer<String> output;

  /** A demo that writes its progress to {@code output}. */
  LyingDemo(Consumer<String> output) {
    this.output = output;
  }

  /** Runs the demo; returns the exit code of its batches, one of which has an invalid run. */
  int run() throws IOException, InterruptedException, ConfigRefusedException {
    Path folder = Files.createTempDirectory("caravan-demo-");
    Home home = new Home(folder);
    Deque<Simulator> simulators = new ArrayDeque<>();
    BatchFollower follower = new BatchFollower(true, FailOn.FAILED);
    int exit;
    try (DaemonProcess daemon = DaemonProcess.start(home)) {
      output.accept("Daemon in " + folder + daemon.details());
      daemon.awaitWatching();
      List<HomeClient.Submission> submissions = new ArrayList<>();
      for (Service service : SERVICES) {
        Simulator simulator = start(service);
        simulators.push(simulator);
        output.accept(simulator.url() + " " + service.lie());
        Path config = folder.resolve(service.name() + ".yaml");
        Files.writeString(config, CONFIG.formatted(service.lie(), service.name(), simulator.url()));
        submissions.add(
            new InboxFile(home, new InboxSubmission(home).submit(config, Overrides.NONE)));
      }
      exit = follower.follow(submissions);
    } finally {
      simulators.forEach(Simulator::close);
    }
    output.accept("Stopped the daemon and the simulated LLMs");
    for (Batch batch : follower.followed()) {
      output.accept("Report:  " + batch.folder().resolve(BatchFolder.REPORT));
    }
    return exit;
  }

  /** Fast, so that a short run has enough requests. */
  private static Simulator start(Service service) throws IOException {
    return Simulator.start(
        SimulatorOptions.defaults()
            .withPort(0)
            .withTtft(Duration.ofMillis(10))
            .withItl(Duration.ofMillis(3))
            .withFaults(service.faults()));
  }
}
