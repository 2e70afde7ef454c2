package dev.caravan.cli;

import dev.caravan.config.text.Durations;
import dev.caravan.tools.simulator.BearerAuth;
import dev.caravan.tools.simulator.Faults;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code caravan simulate}: a simulated OpenAI-compatible LLM in the foreground. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Serves a simulated OpenAI-compatible LLM until it is interrupted.")
public final class SimulateCommand implements Callable<Integer> {

  private final Map<String, String> environment;

  @Spec private CommandSpec spec;

  @Option(names = "--host", description = "Address to listen on.", defaultValue = "127.0.0.1")
  private String host;

  @Option(names = "--port", description = "Port; 0 takes any free one.", defaultValue = "8100")
  private int port;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "Name of a served model; may be given again.",
      defaultValue = "simulated-model")
  private List<String> models;

  @Option(
      names = "--api-key-env-var",
      paramLabel = "NAME",
      description = "Environment variable with the key that callers must show; none: all may call.")
  private String keyVariable;

  @Option(
      names = "--ttft",
      description = "Time to the first token.",
      defaultValue = "40ms",
      converter = DurationConverter.class)
  private Duration ttft;

  @Option(
      names = "--itl",
      description = "Time from token to token.",
      defaultValue = "8ms",
      converter = DurationConverter.class)
  private Duration itl;

  @Option(
      names = "--jitter",
      description = "How far each time strays, as a share of it.",
      defaultValue = "0.1")
  private double jitter;

  @Option(
      names = "--slowdown",
      description = "How much longer a token takes at full load, as a share of --itl.",
      defaultValue = "0.25")
  private double slowdown;

  @Option(
      names = "--capacity",
      description = "Requests served at once; more wait in line.",
      defaultValue = "8")
  private int capacity;

  @Option(
      names = "--output-tokens",
      description = "Length of an answer whose request sets none.",
      defaultValue = "64")
  private int outputTokens;

  @Option(
      names = "--error-rate",
      description = "Share of completions answered with status 500, from 0 to 1.",
      defaultValue = "0")
  private double errorRate;

  @Option(
      names = "--hang-rate",
      description = "Share of the other completions that are never answered.",
      defaultValue = "0")
  private double hangRate;

  @Option(
      names = "--ready-delay",
      description = "How long it answers 503 after its start.",
      defaultValue = "0s",
      converter = DurationConverter.class)
  private Duration readyDelay;

  @Option(
      names = "--seed",
      description = "Decides jitter, words and which requests fail.",
      defaultValue = "1")
  private long seed;

  /** The command of this process. */
  public SimulateCommand() {
    this(System.getenv());
  }

  SimulateCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Serves until the process is told to end; 2 when it cannot start. */
  @Override
  public Integer call() {
    try (Simulator simulator = Simulator.start(options())) {
      spec.commandLine().getOut().println(readyLine(simulator));
      spec.commandLine().getOut().flush();
      waitForTheEnd(simulator);
      return CommandLine.ExitCode.OK;
    } catch (IOException e) {
      spec.commandLine()
          .getErr()
          .println(e.getMessage() + "; choose another --host or --port (0 takes any free port)");
      return CommandLine.ExitCode.USAGE;
    }
  }

  /** What the given options ask for. */
  SimulatorOptions options() {
    try {
      SimulatorOptions open =
          SimulatorOptions.defaults()
              .withHost(host)
              .withPort(port)
              .withModels(models)
              .withPace(new ResponseTiming(ttft, itl, jitter, slowdown))
              .withCapacity(capacity)
              .withOutputTokens(outputTokens)
              .withFaults(new Faults(errorRate, hangRate, readyDelay))
              .withSeed(seed);
      return keyVariable == null ? open : open.withKey(new BearerAuth(key()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  /** The given name is not repeated in the message: somebody may have pasted the key itself. */
  private String key() {
    String key = environment.getOrDefault(keyVariable, "");
    if (key.isBlank()) {
      throw new IllegalArgumentException(
          "--api-key-env-var must name an environment variable that holds the key;"
              + " the one given is not set, or empty");
    }
    return key;
  }

  private String readyLine(Simulator simulator) {
    String ready = readyDelay.isZero() ? "" : "; ready in " + Durations.format(readyDelay);
    return "Simulated LLM on %s (models: %s%s)"
        .formatted(simulator.url(), String.join(", ", models), ready);
  }

  /** SIGINT and SIGTERM end the JVM, which runs the hook; an interrupt is answered by returning. */
  private static void waitForTheEnd(Simulator simulator) {
    Thread hook = new Thread(simulator::close, "simulate-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
