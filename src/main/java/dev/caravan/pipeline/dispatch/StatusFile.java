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

  /** Writes the file if the status has changed since the last call. */
  public synchronized void write() throws IOException {
    Optional<DaemonStatus> now = Optional.of(status.get());
    if (!now.equals(written)) {
      files.createDirectories(home.state());
      files.writeWhole(home.status(), Json.file(now.get()));
      written = now;
    }
  }
}
