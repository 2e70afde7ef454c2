package dev.caravan.pipeline.dispatch;

import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.util.Optional;

/** Keeps {@code .caravan/status.json} up to date with dispatch. */
public final class StatusFile {

  private final Dispatch dispatch;
  private final Home home;
  private final DurableFiles files;
  private Optional<DaemonStatus> written = Optional.empty();

  public StatusFile(Dispatch dispatch, Home home, DurableFiles files) {
    this.dispatch = dispatch;
    this.home = home;
    this.files = files;
  }

  /** Writes the file if the status has changed since the last call. */
  public synchronized void write() throws IOException {
    Optional<DaemonStatus> now = Optional.of(dispatch.status());
    if (!now.equals(written)) {
      files.createDirectories(home.state());
      files.writeWhole(home.status(), Json.file(now.get()));
      written = now;
    }
  }
}
