package dev.caravan.cli;

import dev.caravan.pipeline.dispatch.ControlClient;
import dev.caravan.pipeline.dispatch.ControlRefusedException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What the commands have in common that order something of a daemon. */
abstract class ControlCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  /** Gives the order; what became of it, in words. */
  abstract String order(ControlClient files)
      throws ControlRefusedException, IOException, InterruptedException;

  /** Gives it to a daemon over HTTP; what became of it, in words. */
  abstract String order(RemoteServer server) throws IOException, InterruptedException;

  @Override
  public Integer call() throws InterruptedException {
    try {
      Optional<RemoteServer> server = caravan.server();
      String message =
          server.isPresent()
              ? order(server.get())
              : order(new ControlClient(caravan.settingsOfNearestHome()));
      spec.commandLine().getOut().println(message);
      return Exit.OK;
    } catch (ControlRefusedException | IOException e) {
      spec.commandLine().getErr().println("caravan: " + e.getMessage());
      return Exit.REFUSED;
    }
  }
}
