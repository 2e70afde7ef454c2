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

/** {@code caravan submit}: puts configs into the inbox the safe way. */
@Command(
    name = "submit",
    description = "Puts configs into the inbox; with --watch follows them to their end.",
    mixinStandardHelpOptions = true)
final class SubmitCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  @Mixin private RunOutputs outputs;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "The configs.")
  private List<Path> files;

  @Option(names = "--watch", description = "Follow the batches; exit as `run` does.")
  private boolean watch;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Optional<RemoteServer> server = caravan.server();
    if (server.isPresent()) {
      return send(server.get());
    }
    Home home = new Home(caravan.settingsOfNearestHome().home());
    List<InboxSubmission.Submitted> placed = new ArrayList<>();
    boolean all = true;
    for (Path file : files) {
      try {
        InboxSubmission.Submitted one = new InboxSubmission(home).submit(file);
        say(one.name());
        placed.add(one);
      } catch (ConfigRefusedException e) {
        complain(e.getMessage());
        all = false;
      } catch (IOException e) {
        complain(file + ": " + e.getMessage());
        all = false;
      }
    }
    int watched = watch ? watch(new BatchFollower(home, outputs.table()), placed) : Exit.OK;
    return all ? watched : Exit.REFUSED;
  }

  /** Sends the configs to a daemon elsewhere; prints the ids of their batches. */
  private int send(RemoteServer server) throws InterruptedException {
    boolean all = true;
    List<String> ids = new ArrayList<>();
    for (Path file : files) {
      try {
        JsonNode sent = server.postConfig("batches", Acceptance.read(file, file.toString()));
        String id = sent.path("id").asText("");
        say(id.isEmpty() ? sent.path("file").asText() : id);
        if (!id.isEmpty()) {
          ids.add(id);
        } else if (watch) {
          spec.commandLine()
              .getErr()
              .println("caravan: " + file + " waits to be accepted there; `watch` its name later");
          all = false;
        }
      } catch (ConfigRefusedException e) {
        complain(e.getMessage());
        all = false;
      } catch (IOException e) {
        complain(file + ": " + e.getMessage());
        all = false;
      }
    }
    int watched = watch ? watch(server, ids) : Exit.OK;
    return all ? watched : Exit.REFUSED;
  }

  private void complain(String why) {
    spec.commandLine().getErr().println("caravan: not placed: " + why);
  }

  private int watch(RemoteServer server, List<String> ids) throws InterruptedException {
    try {
      return new RemoteBatchFollower(server, outputs).follow(ids);
    } catch (IOException e) {
      spec.commandLine().getErr().println("caravan: " + e.getMessage());
      return Exit.FAILED;
    }
  }

  private int watch(BatchFollower batchFollower, List<InboxSubmission.Submitted> placed)
      throws IOException, InterruptedException {
    int worst = batchFollower.follow(placed);
    outputs.write(batchFollower.followed(), Outcome.FAILED);
    return worst;
  }

  /** On stdout, unless that is for JSON only. */
  private void say(String name) {
    (outputs.table() || !watch ? spec.commandLine().getOut() : spec.commandLine().getErr())
        .println(name);
  }
}
