package dev.caravan.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code caravan routes}: what Camel routes a daemon of this home runs. */
@Command(
    name = "routes",
    description = "Lists the Camel routes that `serve` would run in a home, and their problems.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan routes --check")
final class RoutesCommand implements Callable<Integer> {

  private final Engine engine;

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  @Option(names = "--check", description = "Exit with 1 if there are problems.")
  private boolean check;

  RoutesCommand(Engine engine) {
    this.engine = engine;
  }

  @Override
  public Integer call() throws IOException {
    RouteOverview overview = engine.routes(caravan.settingsOfExistingHome());
    PrintWriter out = spec.commandLine().getOut();
    List<RouteOverview.ListedRoute> routes = overview.routes();
    int id = width(routes, RouteOverview.ListedRoute::id);
    int file = width(routes, RouteOverview.ListedRoute::file);
    String row = "%-" + id + "s  %-" + file + "s  %s%n";
    routes.forEach(route -> out.printf(row, route.id(), route.file(), route.origin()));
    out.flush();
    overview.faults().forEach(fault -> spec.commandLine().getErr().println(fault));
    return check && !overview.faults().isEmpty() ? Exit.FAILED : Exit.OK;
  }

  private static int width(
      List<RouteOverview.ListedRoute> routes, Function<RouteOverview.ListedRoute, String> column) {
    return routes.stream().map(column).mapToInt(String::length).max().orElse(1);
  }
}
