package dev.caravan.cli;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.storage.Home;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code caravan} command itself: what its sub-commands share. */
@Command(
    name = "caravan",
    description = "Runs LLM benchmarks with AIPerf while nobody watches.",
    mixinStandardHelpOptions = true,
    versionProvider = CaravanVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RunCommand.class,
      ServeCommand.class,
      SubmitCommand.class,
      ValidateCommand.class,
      PlanCommand.class,
      DemoCommand.class,
      StatusCommand.class,
      CancelCommand.class,
      PauseCommand.class,
      ResumeCommand.class,
      RetryCommand.class,
      ReportCommand.class,
      ListCommand.class,
      WatchCommand.class,
      SetupCommand.class,
      SimulateCommand.class
    })
public final class CaravanCommand implements Runnable {

  private static final List<String> OVER_HTTP =
      List.of(
          "submit",
          "validate",
          "plan",
          "status",
          "watch",
          "cancel",
          "pause",
          "resume",
          "retry",
          "list",
          "report");

  @Option(
      names = "--home",
      paramLabel = "DIR",
      scope = CommandLine.ScopeType.INHERIT,
      description = "The home: the folder with inbox/ and aiperf_results/ (default: here).")
  private Path home;

  @Option(
      names = "--verbose",
      scope = CommandLine.ScopeType.INHERIT,
      description = "Say more: commands, merged parameters, aiperf's output, stack traces.")
  private boolean verbose;

  @Option(
      names = "--server",
      paramLabel = "URL",
      scope = CommandLine.ScopeType.INHERIT,
      description = "The daemon's HTTP, in place of the files of a home.")
  private URI server;

  @Spec private CommandSpec spec;

  /** Runs one command line; returns the exit code. */
  public static int execute(Engine engine, String... args) {
    CommandLine line = new CommandLine(new CaravanCommand(), new EngineFactory(engine));
    line.setExecutionStrategy(CaravanCommand::afterLogging);
    line.setExecutionExceptionHandler(CaravanCommand::explain);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line.execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? See the list below.");
  }

  /** The daemon to speak to over HTTP; empty when the files of a home are meant. */
  Optional<RemoteServer> server() {
    boolean isHttp = server == null || String.valueOf(server.getScheme()).matches("https?");
    if (!isHttp || server != null && server.getHost() == null) {
      throw new ParameterException(
          spec.commandLine(), "--server takes a URL such as http://bench-host:8090");
    }
    return Optional.ofNullable(server).map(url -> new RemoteServer(url, settings()));
  }

  /** Whether the user asked for everything to be said. */
  boolean verbose() {
    return verbose;
  }

  /** Settings of the home that was named, or of the working directory. */
  Settings settings() {
    return settingsOf(namedHome().orElse(Path.of("")));
  }

  /**
   * Settings of the home that was named, or of the nearest folder from here upwards that is one, or
   * of the working directory.
   */
  Settings settingsOfNearestHome() {
    Path here = Path.of("").toAbsolutePath();
    for (Path folder = here; folder != null; folder = folder.getParent()) {
      if (namedHome().isEmpty() && Files.isDirectory(new Home(folder).state())) {
        return settingsOf(folder);
      }
    }
    return settings();
  }

  private static Settings settingsOf(Path folder) {
    return Settings.of(folder.toAbsolutePath(), System.getenv(), System.getProperties());
  }

  private Optional<Path> namedHome() {
    String variable = System.getenv(Setting.HOME.variable());
    String named = variable != null ? variable : System.getProperty(Setting.HOME.key(), "");
    try {
      return Optional.ofNullable(home)
          .or(() -> named.isBlank() ? Optional.empty() : Optional.of(Path.of(named)));
    } catch (InvalidPathException e) {
      throw new SettingsRefusedException(Setting.HOME.key() + ": " + e.getMessage());
    }
  }

  private static int afterLogging(CommandLine.ParseResult parsed) {
    CaravanCommand root = (CaravanCommand) parsed.commandSpec().userObject();
    boolean serves =
        parsed.hasSubcommand() && "serve".equals(parsed.subcommand().commandSpec().name());
    String command = parsed.hasSubcommand() ? parsed.subcommand().commandSpec().name() : "";
    if (root.server != null && !OVER_HTTP.contains(command)) {
      throw new ParameterException(
          parsed.commandSpec().commandLine(),
          "--server does not go with `"
              + command
              + "`, which works here; it goes with "
              + String.join(", ", OVER_HTTP));
    }
    Logging.configure(root.verbose, root.verbose || serves);
    return new CommandLine.RunLast().execute(parsed);
  }

  private static int explain(Exception e, CommandLine line, CommandLine.ParseResult parsed)
      throws Exception {
    if (e instanceof SettingsRefusedException) {
      line.getErr().println("caravan: " + e.getMessage());
      return Exit.REFUSED;
    }
    throw e;
  }
}
