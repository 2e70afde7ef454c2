package dev.caravan.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The subcommands of {@code caravan}, in the order of its help. */
final class Commands {

  /** By name, so that one command can be built without loading the others. */
  private static final List<Map.Entry<String, Class<?>>> ALL =
      List.of(
          Map.entry("run", RunCommand.class),
          Map.entry("serve", ServeCommand.class),
          Map.entry("submit", SubmitCommand.class),
          Map.entry("validate", ValidateCommand.class),
          Map.entry("plan", PlanCommand.class),
          Map.entry("demo", DemoCommand.class),
          Map.entry("status", StatusCommand.class),
          Map.entry("cancel", CancelCommand.class),
          Map.entry("pause", PauseCommand.class),
          Map.entry("resume", ResumeCommand.class),
          Map.entry("retry", RetryCommand.class),
          Map.entry("release", ReleaseCommand.class),
          Map.entry("report", ReportCommand.class),
          Map.entry("compare", CompareCommand.class),
          Map.entry("baseline", BaselineCommand.class),
          Map.entry("trend", TrendCommand.class),
          Map.entry("list", ListCommand.class),
          Map.entry("prune", PruneCommand.class),
          Map.entry("watch", WatchCommand.class),
          Map.entry("routes", RoutesCommand.class),
          Map.entry("setup", SetupCommand.class),
          Map.entry("simulate", SimulateCommand.class));

  private Commands() {}

  /**
   * The command line that understands these arguments. Where they begin with the name of a command,
   * it has no other: building all of them would slow every start.
   */
  static CommandLine of(Engine engine, String... arguments) {
    String first = arguments.length == 0 ? "" : arguments[0];
    boolean isNamed = ALL.stream().anyMatch(command -> command.getKey().equals(first));
    return with(engine, ALL.stream().filter(c -> !isNamed || c.getKey().equals(first)));
  }

  /** The command line with all commands. */
  static CommandLine all(Engine engine) {
    return with(engine, ALL.stream());
  }

  private static CommandLine with(Engine engine, Stream<Map.Entry<String, Class<?>>> commands) {
    CommandLine line = new CommandLine(new CaravanCommand(), new EngineFactory(engine));
    commands.forEach(command -> line.addSubcommand(command.getKey(), command.getValue()));
    return line;
  }
}
