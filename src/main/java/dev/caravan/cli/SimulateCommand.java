package dev.caravan.cli;

import dev.caravan.config.text.Durations;
import dev.caravan.tools.simulator.BearerAuth;
import dev.caravan.tools.simulator.Failures;
import dev.caravan.tools.simulator.ResponseTiming;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code caravan simulate}: serves a simulated OpenAI-compatible LLM in the foreground. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Serves a simulated OpenAI-compatible LLM until interrupted.",
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan simulate --port 8100 --ttft 200ms --capacity 4")
public final class SimulateCommand implements Callable<Integer> {

  private final Map<String, String> environment;

  @Spec private CommandSpec spec;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Address to listen on.",
      defaultValue = "127.0.0.1")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port to listen on; 0 for any free one.",
      defaultValue = "8100")
  private int port;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "Name of a served model; may be repeated.",
      defaultValue = "simulated-model")
  private List<String> models;

  @Option(
      names = "--api-key-env-var",
      paramLabel = "NAME",
      description =
          "Environment variable with the required API key; /health and /metrics need none"
              + " (default: no key required).")
  private String keyVariable;

  @Option(
      names = "--ttft",
      paramLabel = "TIME",
      description = "Time to first token.",
      defaultValue = "40ms",
      converter = DurationConverter.class)
  private Duration ttft;

  @Option(
      names = "--itl",
      paramLabel = "TIME",
      description = "Inter-token latency.",
      defaultValue = "8ms",
      converter = DurationConverter.class)
  private Duration itl;

  @Option(
      names = "--jitter",
      paramLabel = "SHARE",
      description = "Maximum random deviation of each time, as a fraction of it, 0 to 1.",
      defaultValue = "0.1")
  private double jitter;

  @Option(
      names = "--slowdown",
      paramLabel = "SHARE",
      description = "Increase of --itl at full load, as a fraction of it.",
      defaultValue = "0.25")
  private double slowdown;

  @Option(
      names = "--capacity",
      paramLabel = "N",
      description = "Maximum concurrent requests; further ones are queued.",
      defaultValue = "8")
  private int capacity;

  @Option(
      names = "--output-tokens",
      paramLabel = "N",
      description = "Response length when a request sets none, in tokens.",
      defaultValue = "64")
  private int outputTokens;

  @Option(
      names = "--error-rate",
      paramLabel = "SHARE",
      description =
          "Fraction of completion requests that get status 500 at once, without queueing, 0 to 1;"
              + " evenly spread.",
      defaultValue = "0")
  private double errorRate;

  @Option(
      names = "--hang-rate",
      paramLabel = "SHARE",
      description = "Fraction of the remaining completion requests that get no response.",
      defaultValue = "0")
  private double hangRate;

  @Option(
      names = "--ready-delay",
      paramLabel = "TIME",
      description = "How long everything but /metrics responds with 503 after startup.",
      defaultValue = "0s",
      converter = DurationConverter.class)
  private Duration readyDelay;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Random seed for jitter, response text and the choice of failing requests.",
      defaultValue = "1")
  private long seed;

  @Mixin private final FaultOptions faults = new FaultOptions();

  /** The command in the environment of this process. */
  public SimulateCommand() {
    this(System.getenv());
  }

  SimulateCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Serves until interrupted; returns 2 when the server cannot start. */
  @Override
  public Integer call() {
    try (Simulator simulator = Simulator.start(options())) {
      spec.commandLine().getOut().println(readyLine(simulator));
      spec.commandLine().getOut().flush();
      awaitInterrupt(simulator);
      return CommandLine.ExitCode.OK;
    } catch (IOException e) {
      spec.commandLine()
          .getErr()
          .println(e.getMessage() + "; choose another --host or --port (0 takes any free port)");
      return CommandLine.ExitCode.USAGE;
    }
  }

  /** The simulator options set on the command line. */
  SimulatorOptions options() {
    try {
      SimulatorOptions options =
          SimulatorOptions.defaults()
              .withHost(host)
              .withPort(port)
              .withModels(models)
              .withTiming(new ResponseTiming(ttft, itl, jitter, slowdown))
              .withCapacity(capacity)
              .withOutputTokens(outputTokens)
              .withFailures(new Failures(errorRate, hangRate, readyDelay))
              .withFaults(faults.faults())
              .withDeployment(faults.deployment())
              .withSeed(seed);
      return keyVariable == null ? options : options.withKey(new BearerAuth(key()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  /** The message does not quote the given name: it may be the key itself, pasted by mistake. */
  private String key() {
    String key = environment.getOrDefault(keyVariable, "");
    if (key.isBlank()) {
      throw new IllegalArgumentException(
          "--api-key-env-var must name an environment variable that holds the key;"
              + " the given one is unset or empty");
    }
    return key;
  }

  private String readyLine(Simulator simulator) {
    String ready = readyDelay.isZero() ? "" : "; ready in " + Durations.format(readyDelay);
    return "Simulated LLM on %s (models: %s%s)"
        .formatted(simulator.url(), String.join(", ", models), ready);
  }

  /** SIGINT and SIGTERM end the JVM, which runs the hook; a thread interrupt returns. */
  private static void awaitInterrupt(Simulator simulator) {
    Thread hook = new Thread(simulator::close, "simulate-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
