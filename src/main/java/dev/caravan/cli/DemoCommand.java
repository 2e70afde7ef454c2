package dev.caravan.cli;

import dev.caravan.config.Overrides;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.config.settings.Version;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.pipeline.accept.InboxSubmission;
import dev.caravan.pipeline.outcome.FailOn;
import dev.caravan.pipeline.process.AiperfEnvironment;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.Home;
import dev.caravan.storage.SetupLocation;
import dev.caravan.tools.setup.Setup;
import dev.caravan.tools.setup.SetupFailedException;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code caravan demo}: one sweep end to end on this machine, against a simulated LLM. */
@Command(
    name = "demo",
    description =
        "Installs aiperf, starts a simulated LLM and a daemon, and runs a sweep through the inbox.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan demo --workers 2")
final class DemoCommand implements Callable<Integer> {

  private static final int MAX_WORKERS = 16;

  /** How long {@code aiperf --version} may take. */
  private static final Duration ANSWER_LIMIT = Duration.ofMinutes(1);

  @Spec private CommandSpec spec;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Distribute the runs over N workers, with a hub, an embedded broker and N simulated"
              + " LLMs, all on this machine.")
  private Integer workers;

  @Option(
      names = "--lying",
      description =
          "Benchmark three services whose numbers are wrong without an error, and see what the"
              + " checks find. Exits with 1, because one of the runs is invalid.")
  private boolean lying;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    checkOptions();
    try {
      setUp(out);
      if (lying) {
        return new LyingDemo(line -> print(out, line)).run();
      }
      return workers == null ? run(out) : new FleetDemo(workers, line -> print(out, line)).run();
    } catch (SetupFailedException | ConfigRefusedException e) {
      spec.commandLine().getErr().println("caravan: " + e.getMessage());
      return Exit.REFUSED;
    }
  }

  private void checkOptions() {
    if (lying && workers != null) {
      throw new ParameterException(spec.commandLine(), "--lying and --workers exclude each other");
    }
    if (workers != null && (workers < 1 || workers > MAX_WORKERS)) {
      throw new ParameterException(
          spec.commandLine(), "--workers: " + workers + ": must be 1 to " + MAX_WORKERS);
    }
  }

  /**
   * Installs the tested aiperf, unless {@code CARAVAN_AIPERF_COMMAND} or an earlier {@code caravan
   * setup} gives one.
   */
  private static void setUp(PrintWriter out) throws SetupFailedException, InterruptedException {
    String command =
        Optional.of(System.getenv().getOrDefault(Setting.AIPERF_COMMAND.variable(), ""))
            .filter(given -> !given.isBlank())
            .or(() -> SetupLocation.of(System.getenv()).aiperf().map(Path::toString))
            .orElse("");
    if (command.isBlank()) {
      print(out, "aiperf " + Version.AIPERF);
      new Setup(System.getenv(), line -> print(out, "  " + line), new WarmUpRun())
          .provide(List.of());
    } else {
      print(out, "aiperf: " + command);
      checkAiperf(command, System.getenv());
    }
  }

  /** Fails at once, where a daemon would wait for an aiperf that works. */
  static void checkAiperf(String command, Map<String, String> variables) {
    Settings settings = Settings.of(Path.of("/nonexistent"), variables, new Properties());
    Map<String, String> environment = AiperfEnvironment.of(settings);
    Optional<String> fault =
        new AiperfFinder(() -> Optional.of(command), Path.of(""), environment, ANSWER_LIMIT)
            .fault();
    if (fault.isPresent()) {
      throw new SettingsRefusedException(fault.get());
    }
  }

  private int run(PrintWriter out)
      throws IOException, InterruptedException, ConfigRefusedException {
    Path folder = Files.createTempDirectory("caravan-demo-");
    Home home = new Home(folder);
    try (Simulator simulator = Simulator.start(SimulatorOptions.defaults().withPort(0))) {
      print(out, "Simulated LLM: " + simulator.url());
      Path config = folder.resolve("demo.yaml");
      Files.writeString(
          config,
          DemoConfig.sweep(
              "A sweep over concurrency against the simulated LLM.",
              simulator.url(),
              "{concurrency: [1, 4, 8, 16]}"));
      BatchFollower follower = new BatchFollower(true, FailOn.FAILED);
      int exit;
      try (DaemonProcess daemon = DaemonProcess.start(home)) {
        print(out, "Daemon in " + folder + daemon.details());
        daemon.awaitWatching();
        InboxSubmission.Submitted submitted =
            new InboxSubmission(home).submit(config, Overrides.NONE);
        print(out, "Dropped into the inbox: " + home.inbox().resolve(submitted.name()));
        exit = follower.follow(List.of(new InboxFile(home, submitted)));
      }
      print(out, "Stopped the daemon and the simulated LLM");
      for (Batch batch : follower.followed()) {
        print(out, "Results: " + batch.folder());
        print(out, "Report:  " + batch.folder().resolve(BatchFolder.REPORT));
      }
      return exit;
    }
  }

  private static void print(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
