package dev.caravan.observe.http;

import dev.caravan.config.settings.Settings;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.accept.SourceRules;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.dispatch.DiskGate;
import dev.caravan.pipeline.record.Recorder;
import dev.caravan.pipeline.run.RunSecrets;
import dev.caravan.storage.Home;
import dev.caravan.storage.OutputRoots;
import java.util.List;
import java.util.function.Supplier;

/**
 * The parts of the daemon that pages and the API use.
 *
 * @param rules limits on configs submitted over HTTP
 * @param outputs the folders that may hold results; no other batch is served
 * @param recorder holds the results of unfinished batches
 * @param status current state of the dispatcher
 * @param disk free space on the disks of the results
 * @param checks health checks of the daemon
 * @param pageUpdates notifies open pages of changes
 * @param secrets API keys of runs, to mask them in output that is still being written
 */
public record WebContext(
    Settings settings,
    Home home,
    BatchStore batches,
    BatchFinder finder,
    ControlStore controls,
    SourceRules rules,
    OutputRoots outputs,
    Recorder recorder,
    Supplier<DaemonStatus> status,
    DiskGate disk,
    List<HealthCheck> checks,
    PageUpdates pageUpdates,
    RunSecrets secrets) {

  public WebContext {
    checks = List.copyOf(checks);
  }
}
