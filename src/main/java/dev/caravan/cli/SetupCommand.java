package dev.caravan.cli;

import dev.caravan.tools.setup.Setup;
import dev.caravan.tools.setup.SetupFailedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code caravan setup}: installs aiperf for this user. */
@Command(
    name = "setup",
    description =
        "Installs a pinned version of aiperf, with tokenizers, for all homes of this user.",
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan setup --with mlflow")
final class SetupCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--version",
      paramLabel = "V",
      description =
          "Version to install (default: the aiperf that was installed together with Caravan, else"
              + " the version that Caravan is tested with).")
  private Optional<String> version;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help message and exit.")
  private boolean help;

  @Option(
      names = "--use",
      paramLabel = "PATH",
      description = "Use an aiperf that is already installed.")
  private Path use;

  @Option(
      names = "--with",
      paramLabel = "EXTRA",
      split = ",",
      description =
          "Also install this extra of aiperf, such as mlflow or wandb. Extras of an earlier setup"
              + " stay. May be given several times.")
  private List<String> extras = List.of();

  @Override
  public Integer call() throws InterruptedException {
    if (use != null && version.isPresent()) {
      throw new ParameterException(spec.commandLine(), "--use and --version exclude each other");
    }
    Setup setup =
        new Setup(
            System.getenv(), line -> spec.commandLine().getOut().println(line), new WarmUpRun());
    try {
      if (use != null) {
        setup.use(use, extras);
      } else if (version.isPresent()) {
        setup.install(version.get(), extras);
      } else {
        setup.provide(extras);
      }
      return Exit.OK;
    } catch (SetupFailedException e) {
      spec.commandLine().getErr().println("caravan: " + e.getMessage());
      return Exit.REFUSED;
    } finally {
      spec.commandLine().getOut().flush();
    }
  }
}
