package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.accept.Acceptance;
import dev.caravan.pipeline.accept.InboxSubmission;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code caravan submit}: places configs in the inbox, each whole or not at all. */
@Command(
    name = "submit",
    description = "Submits configs to the inbox; with --watch, follows them until they finish.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan submit --watch benchmark.yaml")
final class SubmitCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  @Mixin private RunOutputs outputs;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "The configs.")
  private List<Path> files;

  @Option(names = "--watch", description = "Follow the batches; exit codes are those of `run`.")
  private boolean watch;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Optional<RemoteServer> server = caravan.server();
    if (server.isPresent()) {
      return send(server.get());
    }
    Home home = new Home(caravan.settingsOfNearestHome().home());
    List<InboxSubmission.Submitted> submitted = new ArrayList<>();
    boolean allSubmitted = true;
    for (Path file : files) {
      try {
        InboxSubmission.Submitted submission = new InboxSubmission(home).submit(file);
        printName(submission.name());
        submitted.add(submission);
      } catch (ConfigRefusedException e) {
        printError(e.getMessage());
        allSubmitted = false;
      } catch (IOException e) {
        printError(file + ": " + e.getMessage());
        allSubmitted = false;
      }
    }
    int exit = watch ? watch(new BatchFollower(home, outputs.printsTable()), submitted) : Exit.OK;
    return allSubmitted ? exit : Exit.REFUSED;
  }

  /** Submits the configs over HTTP; prints the ids of their batches. */
  private int send(RemoteServer server) throws InterruptedException {
    boolean allSubmitted = true;
    List<String> ids = new ArrayList<>();
    for (Path file : files) {
      try {
        JsonNode response = server.postConfig("batches", Acceptance.read(file, file.toString()));
        String id = response.path("id").asText("");
        printName(id.isEmpty() ? response.path("file").asText() : id);
        if (!id.isEmpty()) {
          ids.add(id);
        } else if (watch) {
          spec.commandLine()
              .getErr()
              .println(
                  "caravan: " + file + " is not yet accepted; use `watch` with its name later");
          allSubmitted = false;
        }
      } catch (ConfigRefusedException e) {
        printError(e.getMessage());
        allSubmitted = false;
      } catch (IOException e) {
        printError(file + ": " + e.getMessage());
        allSubmitted = false;
      }
    }
    int exit = watch ? watch(server, ids) : Exit.OK;
    return allSubmitted ? exit : Exit.REFUSED;
  }

  private void printError(String message) {
    spec.commandLine().getErr().println("caravan: not submitted: " + message);
  }

  private int watch(RemoteServer server, List<String> ids) throws InterruptedException {
    try {
      return new RemoteBatchFollower(server, outputs).follow(ids);
    } catch (IOException e) {
      spec.commandLine().getErr().println("caravan: " + e.getMessage());
      return Exit.FAILED;
    }
  }

  private int watch(BatchFollower follower, List<InboxSubmission.Submitted> submitted)
      throws IOException, InterruptedException {
    int worst = follower.follow(submitted);
    outputs.write(follower.followed(), Outcome.FAILED);
    return worst;
  }

  /** Prints to stdout, or to stderr when stdout is reserved for JSON. */
  private void printName(String name) {
    (outputs.printsTable() || !watch ? spec.commandLine().getOut() : spec.commandLine().getErr())
        .println(name);
  }
}
