package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.ConfigSchema;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.plan.Sweep;
import dev.caravan.pipeline.accept.Acceptance;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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
    Optional<RemoteServer> server = caravan.server();
    ConfigFiles configs = new ConfigFiles(caravan.settings());
    boolean allValid = true;
    for (Path file : files) {
      allValid &= server.isPresent() ? check(server.get(), file, out) : check(configs, file, out);
    }
    return allValid ? Exit.OK : Exit.REFUSED;
  }

  /** Checks by the rules of the daemon, which has its own API keys and datasets. */
  private boolean check(RemoteServer server, Path file, PrintWriter out)
      throws InterruptedException {
    try {
      JsonNode result = server.postConfig("validate", Acceptance.read(file, file.toString()));
      result
          .path("warnings")
          .forEach(w -> spec.commandLine().getErr().println(file + ": " + w.asText()));
      out.println(file + ": valid, " + Plural.runs(result.path("runs").asInt()));
      return true;
    } catch (ConfigRefusedException | IOException e) {
      spec.commandLine().getErr().println(file + ": " + e.getMessage());
      return false;
    }
  }

  private boolean check(ConfigFiles configs, Path file, PrintWriter out) {
    try {
      BenchmarkConfig config =
          configs.read(file, w -> spec.commandLine().getErr().println(file + ": " + w));
      out.println(file + ": valid, " + Plural.runs(new Sweep(config).size()));
      return true;
    } catch (ConfigRefusedException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return false;
    }
  }
}
