package dev.caravan.cli;

import dev.caravan.pipeline.dispatch.ControlClient;
import dev.caravan.pipeline.dispatch.ControlRefusedException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A command that sends a control request to a daemon, through files or over HTTP. */
abstract class ControlCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  /** Sends the request through the files of the home; returns a message with its result. */
  abstract String send(ControlClient client)
      throws ControlRefusedException, IOException, InterruptedException;

  /** Sends the request over HTTP; returns a message with its result. */
  abstract String send(RemoteServer server) throws IOException, InterruptedException;

  @Override
  public Integer call() throws InterruptedException {
    try {
      Optional<RemoteServer> server = caravan.server();
      String message =
          server.isPresent()
              ? send(server.get())
              : send(new ControlClient(caravan.settingsOfNearestHome()));
      spec.commandLine().getOut().println(message);
      return Exit.OK;
    } catch (ControlRefusedException | IOException e) {
      spec.commandLine().getErr().println("caravan: " + e.getMessage());
      return Exit.REFUSED;
    }
  }
}
