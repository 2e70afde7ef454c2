package dev.caravan.cli;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.storage.FileFailures;
import java.io.IOException;
import java.io.PrintWriter;
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

  @Mixin private OverrideOptions overrides;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "The configs.")
  private List<Path> files;

  @Option(names = "--watch", description = "Follow the batches; exit codes are those of `run`.")
  private boolean watch;

  @Override
  public Integer call() throws InterruptedException {
    HomeClient home = caravan.home();
    List<HomeClient.Submission> submitted = new ArrayList<>();
    for (Path file : files) {
      submit(home, file).ifPresent(submitted::add);
    }
    int exit = watch ? watch(home, submitted) : Exit.OK;
    return submitted.size() == files.size() ? exit : Exit.REFUSED;
  }

  /** Submits a config; empty when that, or following it, is refused. */
  private Optional<HomeClient.Submission> submit(HomeClient home, Path file)
      throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    try {
      HomeClient.Submission submission = home.submit(file, overrides.overrides());
      printName(submission.name());
      if (!watch || submission.canBeFollowed()) {
        return Optional.of(submission);
      }
      err.println("caravan: " + file + " is not yet accepted; use `watch` with its name later");
    } catch (ConfigRefusedException e) {
      err.println("caravan: not submitted: " + e.getMessage());
    } catch (IOException e) {
      err.println("caravan: not submitted: " + file + ": " + FileFailures.message(e));
    }
    return Optional.empty();
  }

  @SuppressWarnings("try")
  private int watch(HomeClient home, List<HomeClient.Submission> submitted)
      throws InterruptedException {
    try (FollowHint hint = new FollowHint()) {
      BatchFollower follower = new BatchFollower(outputs.printsTable(), outputs.failOn());
      int worst = follower.follow(submitted);
      home.write(outputs, follower.followed());
      return worst;
    } catch (IOException e) {
      spec.commandLine().getErr().println("caravan: " + FileFailures.message(e));
      return Exit.FAILED;
    }
  }

  /** Prints to stdout, or to stderr when stdout is reserved for JSON. */
  private void printName(String name) {
    (outputs.printsTable() || !watch ? spec.commandLine().getOut() : spec.commandLine().getErr())
        .println(name);
  }
}
