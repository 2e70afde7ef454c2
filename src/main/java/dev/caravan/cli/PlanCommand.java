package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.observe.report.GracePeriodCheck;
import dev.caravan.pipeline.accept.Acceptance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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

  @Parameters(paramLabel = "FILE", description = "The config.")
  private Path file;

  @Override
  public Integer call() throws InterruptedException {
    ConfigFiles configs = new ConfigFiles(caravan.settings());
    try {
      Optional<RemoteServer> server = caravan.server();
      if (server.isPresent()) {
        byte[] yaml = Acceptance.read(file, file.toString());
        JsonNode plan = server.get().postConfig("plan", yaml);
        PlanPrinter.print(plan, spec.commandLine().getOut());
        plan.path("warnings")
            .forEach(w -> spec.commandLine().getErr().println(file + ": " + w.asText()));
        return Exit.OK;
      }
      BenchmarkConfig config =
          configs.read(file, w -> spec.commandLine().getErr().println(file + ": " + w));
      new PlanPrinter(configs, spec.commandLine().getOut()).print(config);
      new GracePeriodCheck(new BatchReader())
          .warning(config, configs.parent(config))
          .ifPresent(w -> spec.commandLine().getErr().println(file + ": " + w));
      return Exit.OK;
    } catch (ConfigRefusedException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return Exit.REFUSED;
    } catch (IOException e) {
      spec.commandLine().getErr().println("caravan: " + e.getMessage());
      return Exit.REFUSED;
    }
  }
}
