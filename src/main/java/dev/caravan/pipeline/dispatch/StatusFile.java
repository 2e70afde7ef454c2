package dev.caravan.pipeline.dispatch;

import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/** Keeps {@code .caravan/status.json} up to date. */
public final class StatusFile {

  private final Supplier<DaemonStatus> status;
  private final Home home;
  private final DurableFiles files;
  private Optional<DaemonStatus> written = Optional.empty();

  public StatusFile(Supplier<DaemonStatus> status, Home home, DurableFiles files) {
    this.status = status;
    this.home = home;
    this.files = files;
  }

  /**
   * Writes the file if the status has changed since the last call. One that cannot be written, as
   * on a full disk, leaves none: the old one would be wrong, and its place may do for the next.
   */
  public synchronized void write() throws IOException {
    Optional<DaemonStatus> now = Optional.of(status.get());
    if (!now.equals(written)) {
      files.createDirectories(home.state());
      replaceBy(Json.file(now.get()));
      written = now;
    }
  }

  private void replaceBy(byte[] content) throws IOException {
    try {
      files.writeWhole(home.status(), content);
    } catch (IOException e) {
      written = Optional.empty();
      forget(e);
      throw e;
    }
  }

  private void forget(IOException reason) {
    try {
      files.delete(home.status());
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }
}
