package dev.caravan.cli;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code caravan serve}: the daemon. */
@Command(
    name = "serve",
    description = "Watches the inbox and runs what is dropped there, until it is stopped.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

  private final Engine engine;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description = "With a broker: hub, worker or both (default: both).")
  private String role;

  @Option(
      names = "--broker",
      paramLabel = "URL",
      description = "none, embedded, or the url of an Artemis (default: none).")
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
