package dev.caravan.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code caravan serve}: the daemon. */
@Command(
    name = "serve",
    description = "Watches the inbox and runs what is dropped there, until it is stopped.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

  private final Engine engine;

  @ParentCommand private CaravanCommand caravan;

  ServeCommand(Engine engine) {
    this.engine = engine;
  }

  @Override
  public Integer call() {
    return engine.serve(caravan.settings());
  }
}
