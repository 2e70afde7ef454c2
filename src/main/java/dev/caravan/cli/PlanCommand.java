package dev.caravan.cli;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.storage.FileFailures;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code caravan plan}: prints the runs of a config. */
@Command(
    name = "plan",
    description = "Prints the folder and command of every run, and the estimated total time.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan plan benchmark.yaml")
final class PlanCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  @Mixin private OverrideOptions overrides;

  @Parameters(paramLabel = "FILE", description = "The config.")
  private Path file;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    try {
      caravan
          .homeForConfigs()
          .plan(
              file,
              overrides.overrides(),
              spec.commandLine().getOut(),
              w -> err.println(file + ": " + w));
      return Exit.OK;
    } catch (ConfigRefusedException e) {
      err.println(e.getMessage());
      return Exit.REFUSED;
    } catch (IOException e) {
      err.println("caravan: " + FileFailures.message(e));
      return Exit.REFUSED;
    }
  }
}
