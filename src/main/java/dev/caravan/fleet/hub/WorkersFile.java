package dev.caravan.fleet.hub;

import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.StateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Writes a hub's workers to {@code .caravan/workers.json} at each heartbeat, for commands. */
public final class WorkersFile {

  private static final int SCHEMA = 1;

  private final FleetView fleet;
  private final Home home;
  private final DurableFiles files;

  /**
   * The content of the file.
   *
   * @param pid process id of the hub; the file is stale when no such hub runs
   */
  private record Content(int schema, long pid, List<WorkerView> workers) {}

  /** Creates the writer for this home. */
  public WorkersFile(FleetView fleet, Home home, DurableFiles files) {
    this.fleet = fleet;
    this.home = home;
    this.files = files;
  }

  /** Writes the current workers. */
  public void write() throws IOException {
    long pid = ProcessHandle.current().pid();
    files.writeWhole(file(home), Json.file(new Content(SCHEMA, pid, fleet.workers())));
  }

  /** Reads the workers of the hub with this process id; empty when that process is not a hub. */
  public static Optional<List<WorkerView>> read(Home home, long pid) {
    try {
      Content content = Json.read(file(home), Content.class);
      return content.pid() == pid && content.workers() != null
          ? Optional.of(content.workers())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // missing, or written by another version
    }
  }

  private static Path file(Home home) {
    return StateFile.WORKERS.in(home);
  }
}
