package dev.caravan.cli;

import dev.caravan.fleet.hub.WorkersFile;
import dev.caravan.model.Batch;
import dev.caravan.model.HomeControl;
import dev.caravan.observe.report.BatchStates;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeLock;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Why a batch or a config in the inbox waits, according to the files of the home. */
record LocalWaiting(Home home) {

  /** Why no run of this batch starts now; empty if nothing is known to hold it back. */
  Optional<String> ofBatch(Batch batch) {
    try {
      boolean isServed = HomeLock.isHeld(home);
      Optional<DaemonStatus> told = isServed ? DaemonStatus.of(home) : Optional.empty();
      boolean isStarting = isServed && told.isEmpty();
      return isStarting ? Optional.empty() : states(told).waiting(batch);
    } catch (IOException e) {
      return Optional.of("cannot find out whether a daemon is running: " + e);
    }
  }

  private BatchStates states(Optional<DaemonStatus> told) {
    return new BatchStates(
        home,
        new ControlStore(new DurableFiles()),
        HomeControl.of(home),
        told,
        told.flatMap(each -> WorkersFile.read(home, each.pid())).orElse(List.of()));
  }

  /** Why a config in the inbox is not accepted now; empty when it should be soon. */
  Optional<String> ofInbox() {
    try {
      return HomeLock.isHeld(home)
          ? DaemonStatus.of(home).map(DaemonStatus::closed).map(why -> "nothing starts: " + why)
          : Optional.of(BatchStates.noDaemon(home));
    } catch (IOException e) {
      return Optional.of("cannot find out whether a daemon is running: " + e);
    }
  }
}
