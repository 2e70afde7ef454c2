package dev.caravan.cli;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.NativeEncoding;
import dev.caravan.config.text.NearestName;
import dev.caravan.storage.FileFailures;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code caravan} command: its subcommands and the options they share. */
@Command(
    name = "caravan",
    description = {
      "Runs LLM benchmarks with AIPerf, unattended.",
      "It resumes what a stop, a crash or a kill interrupted.",
      "It checks that every number is what its label says.",
      "It compares: better or worse than another result, beyond noise.",
      ""
    },
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan run --config-file benchmark.yaml",
    versionProvider = CaravanVersion.class,
    synopsisSubcommandLabel = "COMMAND")
public final class CaravanCommand implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(CaravanCommand.class);

  /** Heading of the example at the end of every command's help. */
  static final String EXAMPLE = "%nExample:%n";

  /** Describes a parameter that names a batch. */
  static final String BATCH =
      "A batch: its id, folder, name (its newest batch; NAME~1: the previous one) or `latest`.";

  /** Describes a parameter that names a batch or a run. */
  static final String BATCH_OR_RUN = BATCH + " For one run, append /<run folder>.";

  /** Describes {@code --where}. */
  static final String WHERE =
      "Only runs with this value of a key that varies, or this variant, point or repeat; may be"
          + " repeated.";

  /** Describes {@code --why}. */
  static final String REASON = "The reason, for the record.";

  private static final List<String> HTTP_COMMANDS =
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
      description = "The home: the folder with inbox/ and aiperf_results/ (default: this folder).")
  private Path home;

  @Option(
      names = "--verbose",
      scope = CommandLine.ScopeType.INHERIT,
      description = "Log more: commands, merged parameters, aiperf's output, stack traces.")
  private boolean verbose;

  @Option(
      names = "--server",
      paramLabel = "URL",
      scope = CommandLine.ScopeType.INHERIT,
      description = "Use a daemon's HTTP API instead of the files of a home.")
  private URI server;

  @Spec private CommandSpec spec;

  /** Runs one command line; returns the exit code. */
  public static int execute(Engine engine, String... args) {
    CommandLine line = Commands.of(engine, args);
    line.setExecutionStrategy(CaravanCommand::configureAndRun);
    line.setExecutionExceptionHandler(CaravanCommand::handleException);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    CommandLine.IParameterExceptionHandler byDefault = line.getParameterExceptionHandler();
    line.setParameterExceptionHandler(
        (e, given) ->
            isUnknownCommand(e) ? handleUnknown(e) : byDefault.handleParseException(e, given));
    return line.execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "No command given. The commands are listed below.");
  }

  /** The home to work on: that of the daemon at {@code --server}, else the nearest one. */
  HomeClient home() {
    return isRemote() ? remoteHome() : new FileHomeClient(settingsOfNearestHome());
  }

  /** The home whose rules check configs: as {@link #home()}, but not one further up. */
  HomeClient homeForConfigs() {
    return isRemote() ? remoteHome() : new FileHomeClient(settings());
  }

  private boolean isRemote() {
    return server != null;
  }

  private HomeClient remoteHome() {
    boolean isHttp = String.valueOf(server.getScheme()).matches("https?");
    if (!isHttp || server.getHost() == null) {
      throw new ParameterException(
          spec.commandLine(), "--server must be a URL such as http://bench-host:8090");
    }
    return new HttpHomeClient(new RemoteServer(server, settings()));
  }

  /** Whether to log details, by {@code --verbose}. */
  boolean verbose() {
    return verbose;
  }

  /**
   * Settings of the home given by option, environment or property, else of the working directory.
   */
  Settings settings() {
    return settingsOf(givenHome().orElse(Path.of("")));
  }

  /**
   * Settings of the home given by option, environment or property, else of the working directory if
   * it has an inbox, else of the nearest home above it, else of the working directory.
   */
  Settings settingsOfNearestHome() {
    requireHome();
    return givenHome().isPresent()
        ? settings()
        : settingsOf(nearestHome(Path.of("").toAbsolutePath()));
  }

  /** A daemon that is starting in a folder with an inbox has not made its state yet. */
  static Path nearestHome(Path here) {
    if (Files.isDirectory(new Home(here).inbox())) {
      return here;
    }
    for (Path folder = here; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(new Home(folder).state())) {
        return folder;
      }
    }
    return here;
  }

  /** Settings of a home that is only looked at: one that is given must be there. */
  Settings settingsOfExistingHome() {
    requireHome();
    return settings();
  }

  private void requireHome() {
    givenHome()
        .filter(folder -> !Files.isDirectory(folder))
        .ifPresent(
            folder -> {
              boolean isHidden = !Files.exists(folder) && !Files.notExists(folder);
              throw isHidden
                  ? closed(folder)
                  : new SettingsRefusedException(
                      Setting.HOME.key() + ": there is no folder " + folder);
            });
  }

  private static Settings settingsOf(Path folder) {
    requireEntry(folder.toAbsolutePath());
    Settings settings =
        Settings.of(folder.toAbsolutePath(), System.getenv(), System.getProperties());
    settings.warnings().forEach(LOG::warn);
    return settings;
  }

  /** In a folder that may not be entered, every file seems to be missing. */
  private static void requireEntry(Path folder) {
    Stream.of(folder, new Home(folder).state())
        .filter(known -> Files.isDirectory(known) && !Files.isExecutable(known))
        .forEach(
            known -> {
              throw closed(known);
            });
  }

  private static SettingsRefusedException closed(Path folder) {
    return new SettingsRefusedException(Setting.HOME.key() + ": " + folder + ": permission denied");
  }

  private Optional<Path> givenHome() {
    String variable = System.getenv(Setting.HOME.variable());
    String given = variable != null ? variable : System.getProperty(Setting.HOME.key(), "");
    try {
      return Optional.ofNullable(home)
          .or(() -> given.isBlank() ? Optional.empty() : Optional.of(Path.of(given)));
    } catch (InvalidPathException e) {
      throw new SettingsRefusedException(Setting.HOME.key() + ": " + e.getMessage());
    }
  }

  private static int configureAndRun(CommandLine.ParseResult parsed) {
    CaravanCommand root = (CaravanCommand) parsed.commandSpec().userObject();
    boolean isServe =
        parsed.hasSubcommand() && "serve".equals(parsed.subcommand().commandSpec().name());
    String command = parsed.hasSubcommand() ? parsed.subcommand().commandSpec().name() : "";
    if (root.isRemote() && !HTTP_COMMANDS.contains(command)) {
      throw new ParameterException(
          parsed.commandSpec().commandLine(),
          "--server cannot be used with `"
              + command
              + "`, which runs locally. It works with "
              + String.join(", ", HTTP_COMMANDS));
    }
    Logging.configure(root.verbose, root.verbose || isServe);
    NativeEncoding.JVM.warning().ifPresent(LOG::warn);
    return new CommandLine.RunLast().execute(parsed);
  }

  private static boolean isUnknownCommand(ParameterException e) {
    return e instanceof UnmatchedArgumentException unmatched
        && unmatched.getCommandLine().getParent() == null
        && !unmatched.isUnknownOption();
  }

  /** Picocli proposes commands by common letters, which finds nothing for swapped ones. */
  private static int handleUnknown(ParameterException e) {
    String given = ((UnmatchedArgumentException) e).getUnmatched().get(0);
    CommandLine line = e.getCommandLine();
    List<String> commands = List.copyOf(line.getSubcommands().keySet());
    String nearest = NearestName.hint(given, commands);
    line.getErr().println("caravan: there is no command " + DisplayText.quoted(given) + nearest);
    line.getErr().println("Commands: " + String.join(", ", commands) + ". See caravan --help.");
    return Exit.REFUSED;
  }

  private static int handleException(Exception e, CommandLine line, CommandLine.ParseResult parsed)
      throws Exception {
    if (e instanceof SettingsRefusedException) {
      line.getErr().println("caravan: " + e.getMessage());
      return Exit.REFUSED;
    }
    if (e instanceof InterruptedException) {
      line.getErr().println("caravan: interrupted");
      return Exit.INTERRUPTED;
    }
    if (e instanceof IOException || e instanceof UncheckedIOException) {
      Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
      LOG.debug("Cannot continue", cause);
      line.getErr().println("caravan: " + FileFailures.message(cause));
      return Exit.REFUSED;
    }
    throw e;
  }
}
