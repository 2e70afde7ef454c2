package dev.caravan.observe.http;

import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.model.HomeControl;
import dev.caravan.observe.report.BatchStates;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.accept.SourceRules;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.dispatch.DiskGate;
import dev.caravan.pipeline.record.Recorder;
import dev.caravan.pipeline.run.KeyNotes;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.OutputRoots;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The parts of the daemon that pages and the API use.
 *
 * @param files changes files of the home
 * @param recorder holds the results of unfinished batches
 * @param status current state of the dispatcher
 * @param health performs the health checks of the daemon
 * @param pageUpdates notifies open pages of changes
 */
public record WebContext(
    Settings settings,
    DurableFiles files,
    BatchStore batches,
    BatchFinder finder,
    ControlStore controls,
    Recorder recorder,
    Supplier<DaemonStatus> status,
    Supplier<List<HealthResult>> health,
    PageUpdates pageUpdates) {

  /** The home that the daemon works in. */
  Home home() {
    return new Home(settings.home());
  }

  /** What batches do; the workers are those of a hub. */
  BatchStates states(List<WorkerView> workers) {
    return new BatchStates(
        home(), controls, HomeControl.of(home()), Optional.of(status.get()), workers);
  }

  /** Limits on configs submitted over HTTP. */
  SourceRules rules() {
    return SourceRules.ofHttp(settings);
  }

  /** The folders that may hold results; no other batch is served. */
  OutputRoots outputs() {
    return OutputRoots.of(settings);
  }

  /** Free space on the disks of the results. */
  DiskGate disk() {
    return DiskGate.of(settings, home());
  }

  /** API keys of runs, to mask them in output that is still being written. */
  KeyNotes keys() {
    return KeyNotes.of(settings, home(), files);
  }
}
