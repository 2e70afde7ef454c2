package dev.caravan.cli;

import dev.caravan.fleet.hub.WorkersFile;
import dev.caravan.model.Batch;
import dev.caravan.model.HomeControl;
import dev.caravan.model.Owner;
import dev.caravan.observe.report.BatchStates;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeLock;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Why what was given to a home waits, by the files of the home. */
record LocalWaiting(Home home) {

  /** Why no run of this batch starts now; empty while one runs or is about to. */
  Optional<String> ofBatch(Batch batch) {
    if (batch.record().owner().mode().equals(Owner.ONE_SHOT)) {
      return Optional.empty(); // no daemon executes it
    }
    try {
      Optional<String> noDaemon = noDaemon();
      Optional<DaemonStatus> told = DaemonStatus.of(home);
      return noDaemon.isPresent() || told.isEmpty() ? noDaemon : states(told).waiting(batch);
    } catch (IOException e) {
      return Optional.of("cannot tell whether a daemon runs: " + e);
    }
  }

  private BatchStates states(Optional<DaemonStatus> told) throws IOException {
    return new BatchStates(
        new ControlStore(new DurableFiles()),
        HomeControl.of(home),
        told,
        told.flatMap(each -> WorkersFile.read(home, each.pid())).orElse(List.of()));
  }

  /** Why a config in the inbox is not accepted now; empty when it should be soon. */
  Optional<String> ofInbox() {
    try {
      Optional<DaemonStatus> told = DaemonStatus.of(home);
      return noDaemon()
          .or(() -> told.map(DaemonStatus::closed).map(why -> "nothing starts: " + why));
    } catch (IOException e) {
      return Optional.of("cannot tell whether a daemon runs: " + e);
    }
  }

  private Optional<String> noDaemon() throws IOException {
    return HomeLock.isHeld(home)
        ? Optional.empty()
        : Optional.of("no daemon runs for " + home.root());
  }
}
