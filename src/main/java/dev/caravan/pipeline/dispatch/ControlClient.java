package dev.caravan.pipeline.dispatch;

import dev.caravan.config.settings.Settings;
import dev.caravan.config.text.Slashes;
import dev.caravan.model.Batch;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeLock;
import dev.caravan.storage.ProcessUser;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sends control requests to the daemon of a home, on behalf of commands and pages. Requests are
 * files, so they also work while no daemon is running.
 */
public final class ControlClient {

  private static final long TIMEOUT_MILLIS = 3000;
  private static final long POLL_MILLIS = 50;

  private final Home home;
  private final DurableFiles files = new DurableFiles();
  private final BatchStore batches = new BatchStore(files);
  private final BatchFinder finder;
  private final ControlPreconditions preconditions;
  private final DaemonCheck daemon;

  /** A client for the home of these settings, in another process than its daemon. */
  public ControlClient(Settings settings) {
    this(settings, () -> HomeLock.isHeld(new Home(settings.home())));
  }

  /** Whether a daemon is running in the home. */
  @FunctionalInterface
  private interface DaemonCheck {
    boolean isRunning() throws IOException;
  }

  /** A client within the daemon, which must not open its own lock file: closing it would unlock. */
  public static ControlClient insideDaemon(Settings settings) {
    return new ControlClient(settings, () -> true);
  }

  private ControlClient(Settings settings, DaemonCheck daemon) {
    this.daemon = daemon;
    this.home = new Home(settings.home());
    OpenBatches open = new OpenBatches(home, files);
    this.finder = BatchFinder.of(settings);
    this.preconditions = new ControlPreconditions(home, open, new ControlStore(files));
  }

  /** A batch, or the run of it with this index. */
  public record BatchOrRun(Batch batch, Optional<Integer> run) {}

  /** Checks whether a request can be carried out. */
  public ControlPreconditions preconditions() {
    return preconditions;
  }

  /** A request by the user who runs this process. */
  public static ControlRequest request(ControlRequest.Action action, String why) {
    return ControlRequest.of(action, ProcessUser.name(), why);
  }

  /**
   * Finds a batch by id, folder or bare name, or a run by id or folder.
   *
   * @throws ControlRefusedException when there is none
   */
  public BatchOrRun resolve(String name) throws ControlRefusedException, IOException {
    Path workingDirectory = Path.of("").toAbsolutePath();
    Optional<Path> folder = finder.find(name, workingDirectory);
    if (folder.isPresent()) {
      return new BatchOrRun(batches.load(folder.get()), Optional.empty());
    }
    int slash = Slashes.withoutFinal(name).lastIndexOf('/');
    Optional<Path> parent =
        slash < 0 ? Optional.empty() : finder.find(name.substring(0, slash), workingDirectory);
    if (parent.isEmpty()) {
      throw new ControlRefusedException(
          "there is no batch or run \""
              + name
              + "\"; use <batch_name>/<timestamp>, its folder, or <batch_name> for the newest");
    }
    Batch batch = batches.load(parent.get());
    return new BatchOrRun(batch, Optional.of(index(batch, name)));
  }

  private static int index(Batch batch, String name) throws ControlRefusedException {
    String path = Slashes.withoutFinal(name);
    String folder = path.substring(path.lastIndexOf('/') + 1);
    for (int index : batch.indexes().toArray()) {
      if (batch.sweep().folder(index).equals(folder)) {
        return index;
      }
    }
    throw new ControlRefusedException(
        "there is no batch " + name + ", and " + batch.id() + " has no run \"" + folder + "\"");
  }

  /**
   * Sends a request to the daemon and waits up to 3 s for it to be carried out.
   *
   * @return the result, for the user
   * @throws ControlRefusedException when the daemon refused it
   */
  public String send(ControlRequest request)
      throws ControlRefusedException, IOException, InterruptedException {
    if (!Files.isDirectory(home.state())) {
      throw new ControlRefusedException(
          home.root() + " is not a Caravan home; pass one with --home");
    }
    Path file = request.write(home, files);
    Path refused = file.resolveSibling(file.getFileName() + ".refused.txt");
    if (!daemon.isRunning()) {
      return "no daemon is running in "
          + home.root()
          + "; the request will be carried out when one starts";
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
    while (Files.exists(file) && System.nanoTime() - deadline < 0) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    if (Files.exists(refused)) {
      String message = RegularFiles.text(refused).strip();
      files.delete(refused);
      throw new ControlRefusedException(message);
    }
    return Files.exists(file) ? "the daemon has not carried out the request yet: " + file : "done";
  }
}
