package dev.caravan.cli;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code caravan serve}: runs the daemon. */
@Command(
    name = "serve",
    description = "Runs the daemon: watches the inbox and runs the configs dropped there.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan serve --home /var/lib/caravan")
final class ServeCommand implements Callable<Integer> {

  private final Engine engine;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description = "Role when there is a broker: hub, worker or both (default: both).")
  private String role;

  @Option(
      names = "--broker",
      paramLabel = "URL",
      description = "none, embedded, or the URL of an ActiveMQ Artemis broker (default: none).")
  private String broker;

  @ParentCommand private CaravanCommand caravan;

  ServeCommand(Engine engine) {
    this.engine = engine;
  }

  @Override
  public Integer call() {
    Settings settings = caravan.settings();
    if (role != null) {
      settings = settings.with(Setting.ROLE, role);
    }
    if (broker != null) {
      settings = settings.with(Setting.BROKER, broker);
    }
    return engine.serve(settings);
  }
}
