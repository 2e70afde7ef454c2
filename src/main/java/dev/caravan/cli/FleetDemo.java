package dev.caravan.cli;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.observe.report.BatchReports;
import dev.caravan.pipeline.accept.InboxSubmission;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeId;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** {@code caravan demo --workers N}: a hub and its workers, each a process with a home. */
final class FleetDemo {

  private static final String CONFIG =
      """
      # A sweep over services and concurrency: on each service one run at a time.
      batch_name: demo
      base_config:
        model: simulated-model
        tokenizer: builtin
        url: %s
        streaming: true
        warmup_request_count: 2
        benchmark_duration: 5
        concurrency: 1
        random_seed: 1
        prompt_input_tokens_mean: 100
        prompt_output_tokens_mean: 32
      sweeps:
        concurrency: [1, 4]
        url: [%s]
      """;

  private static final String HEARTBEAT = "1s";

  private final int workers;
  private final Consumer<String> said;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<DaemonProcess> started = new ArrayList<>();
  private final Map<String, String> names = new LinkedHashMap<>();

  /** A demo with so many workers; {@code said} gets its lines. */
  FleetDemo(int workers, Consumer<String> said) {
    this.workers = workers;
    this.said = said;
  }

  /** Runs it; the exit code is that of the batch. */
  int run() throws IOException, InterruptedException, ConfigRefusedException {
    Path folder = Files.createTempDirectory("caravan-demo-");
    Home hub = new Home(Files.createDirectory(folder.resolve("hub")));
    BatchFollower batchFollower = new BatchFollower(hub, true);
    int exit;
    try {
      Path config = Files.writeString(folder.resolve("demo.yaml"), config(services()));
      start(folder, hub);
      InboxSubmission.Submitted placed = new InboxSubmission(hub).submit(config);
      said.accept("Dropped into the hub's inbox: " + hub.inbox().resolve(placed.name()));
      exit = batchFollower.follow(List.of(placed));
    } finally {
      end();
    }
    said.accept("Stopped the hub, the workers and the simulated LLMs");
    for (Path batch : batchFollower.followed()) {
      new WorkerShares(names).lines(batch).forEach(said);
      said.accept("Results: " + batch);
      said.accept("Report:  " + batch.resolve(BatchReports.FILE));
    }
    return exit;
  }

  private List<String> services() throws IOException {
    List<String> urls = new ArrayList<>();
    for (int n = 0; n < workers; n++) {
      Simulator simulator = Simulator.start(SimulatorOptions.defaults().withPort(0));
      parts.push(simulator);
      urls.add(simulator.url());
    }
    said.accept("Simulated LLMs on " + String.join(", ", urls));
    return urls;
  }

  private static String config(List<String> urls) {
    return CONFIG.formatted(urls.get(0), String.join(", ", urls));
  }

  private void start(Path folder, Home hub) throws IOException, InterruptedException {
    String broker = "tcp://127.0.0.1:" + DaemonProcess.freePort();
    DaemonProcess first = start(hub, hubSettings(broker));
    first.awaitWatching();
    said.accept("Hub in " + hub.root() + " with a broker on " + broker + message(first));
    List<DaemonProcess> others = new ArrayList<>();
    for (int n = 1; n <= workers; n++) {
      Home home = new Home(Files.createDirectory(folder.resolve("w" + n)));
      names.put(HomeId.of(home, new DurableFiles()), "w" + n);
      others.add(start(home, workerSettings(broker)));
    }
    for (int n = 1; n <= workers; n++) {
      others.get(n - 1).awaitWorking();
      said.accept("Worker w" + n + " in " + folder.resolve("w" + n) + message(others.get(n - 1)));
    }
  }

  private DaemonProcess start(Home home, Map<Setting, String> settings) throws IOException {
    DaemonProcess process = DaemonProcess.start(home, settings);
    parts.push(process);
    started.add(process);
    return process;
  }

  private static String message(DaemonProcess process) {
    return " (pid " + process.pid() + ", log " + process.log() + ")";
  }

  private static Map<Setting, String> hubSettings(String broker) {
    return Map.of(
        Setting.ROLE,
        "hub",
        Setting.BROKER,
        "embedded",
        Setting.BROKER_LISTEN,
        broker,
        Setting.WORKER_HEARTBEAT,
        HEARTBEAT);
  }

  /** All are on this machine, which else executes one run at a time. */
  private Map<Setting, String> workerSettings(String broker) {
    return Map.of(
        Setting.ROLE,
        "worker",
        Setting.BROKER,
        broker,
        Setting.WORKERS,
        "1",
        Setting.HOST_PARALLEL,
        String.valueOf(workers),
        Setting.WORKER_HEARTBEAT,
        HEARTBEAT);
  }

  /**
   * Workers say good-bye to a hub that is still there, all at once; then the hub, then services.
   */
  private void end() throws IOException {
    started.stream().skip(1).forEach(DaemonProcess::tell);
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) { // AutoCloseable's; none of ours throws another
        throw new IOException(e);
      }
    }
  }
}
