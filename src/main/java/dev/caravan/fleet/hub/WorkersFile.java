package dev.caravan.fleet.hub;

import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A hub's workers in {@code .caravan/workers.json}, for commands; written again and again. */
public final class WorkersFile {

  private static final int SCHEMA = 1;
  private static final String NAME = "workers.json";

  private final FleetView fleet;
  private final Home home;
  private final DurableFiles files;

  /**
   * The file's content.
   *
   * @param pid of the hub, which the file means nothing without
   */
  private record Content(int schema, long pid, List<WorkerView> workers) {}

  /** The file of this home. */
  public WorkersFile(FleetView fleet, Home home, DurableFiles files) {
    this.fleet = fleet;
    this.home = home;
    this.files = files;
  }

  /** Writes who is there now. */
  public void write() throws IOException {
    long pid = ProcessHandle.current().pid();
    files.writeWhole(file(home), Json.file(new Content(SCHEMA, pid, fleet.workers())));
  }

  /** The workers of the hub that has this process id; empty when it is no hub. */
  public static Optional<List<WorkerView>> read(Home home, long pid) {
    try {
      Content content = Json.read(file(home), Content.class);
      return content.pid() == pid && content.workers() != null
          ? Optional.of(content.workers())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // there is none, or another version's
    }
  }

  private static Path file(Home home) {
    return home.state().resolve(NAME);
  }
}
