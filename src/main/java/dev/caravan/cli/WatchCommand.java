package dev.caravan.cli;

import dev.caravan.config.settings.Settings;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code caravan watch}: follows a batch that a daemon runs. */
@Command(
    name = "watch",
    description = "Follows a batch until it finishes. Ctrl-C stops watching, not the batch.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan watch latest")
final class WatchCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "BATCH",
      description = CaravanCommand.BATCH + " Default: the first unfinished batch.")
  private String name = "";

  @Override
  public Integer call() throws InterruptedException {
    try {
      Optional<RemoteServer> server = caravan.server();
      if (server.isPresent()) {
        String id = remote(server.get());
        return new RemoteBatchFollower(server.get(), new RunOutputs()).follow(List.of(id));
      }
      Settings settings = caravan.settingsOfNearestHome();
      Optional<Path> folder = folder(BatchFinder.of(settings));
      if (folder.isEmpty()) {
        throw new IOException(
            name.isEmpty() ? "no unfinished batch here" : "there is no batch \"" + name + "\"");
      }
      return new BatchFollower(new Home(settings.home()), true)
          .follow(new BatchStore(new DurableFiles()).load(folder.get()));
    } catch (IOException e) {
      spec.commandLine().getErr().println("caravan: " + e.getMessage());
      return Exit.REFUSED;
    }
  }

  private String remote(RemoteServer server) throws IOException, InterruptedException {
    if (!name.isEmpty()) {
      return server.find(name).batch();
    }
    String next = server.get("status").path("queue").path(0).path("batch").asText("");
    if (next.isEmpty()) {
      throw new IOException("no unfinished batch there");
    }
    return next;
  }

  private Optional<Path> folder(BatchFinder finder) throws IOException {
    if (!name.isEmpty()) {
      return finder.find(name, Path.of("").toAbsolutePath());
    }
    List<Path> unfinished = finder.unfinished();
    return unfinished.stream().findFirst();
  }
}
