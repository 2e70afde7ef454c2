package dev.caravan.pipeline.dispatch;

import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.BatchFinders;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** How commands and pages order things of a home's daemon, be it there or not: through files. */
public final class ControlClient {

  private static final long PATIENCE_MILLIS = 3000;
  private static final long LOOK_MILLIS = 50;

  private final Home home;
  private final DurableFiles files = new DurableFiles();
  private final BatchStore batches = new BatchStore(files);
  private final BatchFinder finder;
  private final ControlPreconditions states;
  private final Served served;

  /** For the home of these settings, from another process than its daemon's. */
  public ControlClient(Settings settings) {
    this(settings, () -> HomeLock.isHeld(new Home(settings.home())));
  }

  /** Whether a daemon serves the home. */
  @FunctionalInterface
  private interface Served {
    boolean now() throws IOException;
  }

  /** For the daemon itself, which must not open its own lock: closing it would lose it. */
  public static ControlClient ofDaemon(Settings settings) {
    return new ControlClient(settings, () -> true);
  }

  private ControlClient(Settings settings, Served served) {
    this.served = served;
    this.home = new Home(settings.home());
    OpenBatches open = new OpenBatches(home, files);
    this.finder = BatchFinders.of(settings);
    this.states = new ControlPreconditions(open, new ControlStore(files));
  }

  /** What a command names: a batch, or one run of it. */
  public record Named(Batch batch, Optional<Integer> run) {}

  /** Whether an order makes sense. */
  public ControlPreconditions states() {
    return states;
  }

  /** An order by the user who runs this command. */
  public static ControlRequest order(ControlRequest.Action action, String why) {
    return ControlRequest.of(action, System.getProperty("user.name"), why);
  }

  /**
   * The batch or run of this name: a batch's id, folder or bare name, or a run's id or folder.
   *
   * @throws ControlRefusedException when there is none
   */
  public Named named(String name) throws ControlRefusedException, IOException {
    Path here = Path.of("").toAbsolutePath();
    Optional<Path> folder = finder.find(name, here);
    if (folder.isPresent()) {
      return new Named(batches.load(folder.get()), Optional.empty());
    }
    int slash = name.replaceFirst("/+$", "").lastIndexOf('/');
    Optional<Path> parent =
        slash < 0 ? Optional.empty() : finder.find(name.substring(0, slash), here);
    if (parent.isEmpty()) {
      throw new ControlRefusedException(
          "there is no batch or run \""
              + name
              + "\"; name it by <batch_name>/<timestamp>, by its folder, or by <batch_name> alone");
    }
    Batch batch = batches.load(parent.get());
    return new Named(batch, Optional.of(index(batch, name)));
  }

  private static int index(Batch batch, String name) throws ControlRefusedException {
    String folder = name.replaceFirst("/+$", "").replaceFirst(".*/", "");
    for (int index = 0; index < batch.size(); index++) {
      if (batch.sweep().folder(index).equals(folder)) {
        return index;
      }
    }
    throw new ControlRefusedException(
        "there is no batch " + name + ", and " + batch.id() + " has no run \"" + folder + "\"");
  }

  /**
   * Gives an order to the daemon and waits a little for it to be taken; what became of it.
   *
   * @throws ControlRefusedException when the daemon refused it
   */
  public String give(ControlRequest request)
      throws ControlRefusedException, IOException, InterruptedException {
    if (!Files.isDirectory(home.state())) {
      throw new ControlRefusedException(
          home.root() + " is no home of a Caravan; name one by --home");
    }
    Path file = request.write(home, files);
    Path refused = file.resolveSibling(file.getFileName() + ".refused.txt");
    if (!served.now()) {
      return "no daemon serves " + home.root() + "; it will be done when one starts";
    }
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (Files.exists(file) && System.nanoTime() - end < 0) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    if (Files.exists(refused)) {
      String message = Files.readString(refused).strip();
      files.delete(refused);
      throw new ControlRefusedException(message);
    }
    return Files.exists(file) ? "the daemon has not taken it yet; it lies in " + file : "done";
  }
}
