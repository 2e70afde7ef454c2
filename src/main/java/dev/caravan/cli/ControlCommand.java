package dev.caravan.cli;

import dev.caravan.pipeline.dispatch.ControlRefusedException;
import dev.caravan.storage.FileFailures;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A command that sends a control request to the daemon of a home. */
abstract class ControlCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  /** Sends the request; returns a message with its result. */
  abstract String send(HomeClient home)
      throws ControlRefusedException, IOException, InterruptedException;

  @Override
  public Integer call() throws InterruptedException {
    try {
      spec.commandLine().getOut().println(send(caravan.home()));
      return Exit.OK;
    } catch (ControlRefusedException | IOException e) {
      spec.commandLine().getErr().println("caravan: " + FileFailures.message(e));
      return Exit.REFUSED;
    }
  }
}
