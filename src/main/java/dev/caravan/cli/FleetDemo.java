package dev.caravan.cli;

import dev.caravan.config.Overrides;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.pipeline.accept.InboxSubmission;
import dev.caravan.pipeline.outcome.FailOn;
import dev.caravan.storage.BatchFolder;
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

/** {@code caravan demo --workers N}: a hub and N workers, each a process with its own home. */
final class FleetDemo {

  private static final String HEARTBEAT = "1s";

  private final int workers;
  private final Consumer<String> output;
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();
  private final List<DaemonProcess> daemons = new ArrayList<>();
  private final Map<String, String> workerNames = new LinkedHashMap<>();

  /** A demo with this many workers that writes its progress to {@code output}. */
  FleetDemo(int workers, Consumer<String> output) {
    this.workers = workers;
    this.output = output;
  }

  /** Runs the demo; returns the exit code of its batch. */
  int run() throws IOException, InterruptedException, ConfigRefusedException {
    Path folder = Files.createTempDirectory("caravan-demo-");
    Home hub = new Home(Files.createDirectory(folder.resolve("hub")));
    BatchFollower follower = new BatchFollower(true, FailOn.FAILED);
    int exit;
    try {
      Path config = Files.writeString(folder.resolve("demo.yaml"), config(startSimulators()));
      startDaemons(folder, hub);
      InboxSubmission.Submitted submitted = new InboxSubmission(hub).submit(config, Overrides.NONE);
      output.accept("Dropped into the hub's inbox: " + hub.inbox().resolve(submitted.name()));
      exit = follower.follow(List.of(new InboxFile(hub, submitted)));
    } finally {
      stop();
    }
    output.accept("Stopped the hub, the workers and the simulated LLMs");
    for (Batch followed : follower.followed()) {
      Path batch = followed.folder();
      new WorkerShares(workerNames).lines(batch).forEach(output);
      output.accept("Results: " + batch);
      output.accept("Report:  " + batch.resolve(BatchFolder.REPORT));
    }
    return exit;
  }

  private List<String> startSimulators() throws IOException {
    List<String> urls = new ArrayList<>();
    for (int n = 0; n < workers; n++) {
      Simulator simulator = Simulator.start(SimulatorOptions.defaults().withPort(0));
      resources.push(simulator);
      urls.add(simulator.url());
    }
    output.accept("Simulated LLMs: " + String.join(", ", urls));
    return urls;
  }

  private static String config(List<String> urls) {
    return DemoConfig.sweep(
        "A sweep over services and concurrency, one run at a time per service.",
        urls.get(0),
        "{concurrency: [1, 4], url: [" + String.join(", ", urls) + "]}");
  }

  private void startDaemons(Path folder, Home hub) throws IOException, InterruptedException {
    String broker = "tcp://127.0.0.1:" + DaemonProcess.freePort();
    DaemonProcess hubDaemon = start(hub, hubSettings(broker));
    hubDaemon.awaitWatching();
    output.accept("Hub in " + hub.root() + " with a broker on " + broker + hubDaemon.details());
    List<DaemonProcess> workerDaemons = new ArrayList<>();
    for (int n = 1; n <= workers; n++) {
      Home home = new Home(Files.createDirectory(folder.resolve("w" + n)));
      workerNames.put(HomeId.of(home, new DurableFiles()), "w" + n);
      DaemonProcess worker = start(home, workerSettings(broker));
      hubDaemon.stopsAfter(worker);
      workerDaemons.add(worker);
    }
    for (int n = 1; n <= workers; n++) {
      workerDaemons.get(n - 1).awaitWorking();
      output.accept(
          "Worker w" + n + " in " + folder.resolve("w" + n) + workerDaemons.get(n - 1).details());
    }
  }

  private DaemonProcess start(Home home, Map<Setting, String> settings) throws IOException {
    DaemonProcess process = DaemonProcess.start(home, settings);
    resources.push(process);
    daemons.add(process);
    return process;
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

  /** All workers share this host, which by default runs one benchmark at a time. */
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
   * Stops the workers at once so that they can sign off from the hub, then the hub, then the LLMs.
   */
  private void stop() throws IOException {
    daemons.stream().skip(1).forEach(DaemonProcess::terminate);
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) { // declared by AutoCloseable, never thrown here
        throw new IOException(e);
      }
    }
  }
}
