package dev.caravan.cli;

import dev.caravan.config.ConfigSchema;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.storage.FileFailures;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code caravan validate}: checks configs, or prints their JSON Schema. */
@Command(
    name = "validate",
    description = "Checks configs and reports every problem; needs no daemon.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan validate benchmark.yaml")
final class ValidateCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  @Mixin private OverrideOptions overrides;

  @Parameters(arity = "0..*", paramLabel = "FILE", description = "The configs.")
  private List<Path> files = List.of();

  @Option(names = "--schema", description = "Print the JSON Schema of configs, for editors.")
  private boolean schema;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (schema) {
      out.println(Json.text(ConfigSchema.tree()));
      out.flush();
      return Exit.OK;
    }
    if (files.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "Give a config file or --schema");
    }
    HomeClient home = caravan.homeForConfigs();
    boolean allValid = true;
    for (Path file : files) {
      allValid &= check(home, file, out);
    }
    return allValid ? Exit.OK : Exit.REFUSED;
  }

  private boolean check(HomeClient home, Path file, PrintWriter out) throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    try {
      String runs =
          home.validate(file, overrides.overrides(), warning -> err.println(file + ": " + warning));
      out.println(file + ": valid, " + runs);
      return true;
    } catch (ConfigRefusedException e) {
      err.println(e.getMessage());
    } catch (IOException e) {
      err.println(file + ": " + FileFailures.message(e));
    }
    return false;
  }
}
