package dev.caravan.pipeline.dispatch;

import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.util.Optional;

/** Keeps {@code .caravan/status.json} as dispatch is; written whole, and only on change. */
public final class StatusFile {

  private final Dispatch dispatch;
  private final Home home;
  private final DurableFiles tree;
  private Optional<DaemonStatus> written = Optional.empty();

  public StatusFile(Dispatch dispatch, Home home, DurableFiles tree) {
    this.dispatch = dispatch;
    this.home = home;
    this.tree = tree;
  }

  /** Writes what has changed since the last call. */
  public synchronized void write() throws IOException {
    Optional<DaemonStatus> now = Optional.of(dispatch.status());
    if (!now.equals(written)) {
      tree.createDirectories(home.state());
      tree.writeWhole(home.status(), Json.file(now.get()));
      written = now;
    }
  }
}
