package dev.caravan.observe.http;

import dev.caravan.config.settings.Settings;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.accept.SourceRules;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.record.Recorder;
import dev.caravan.pipeline.run.RunSecrets;
import dev.caravan.storage.Home;
import dev.caravan.storage.OutputRoots;
import java.util.List;
import java.util.function.Supplier;

/**
 * What pages and the API need of the daemon.
 *
 * @param rules what configs that come by HTTP may ask for
 * @param outputs where results may lie; nothing else is ever served
 * @param recorder has the results of what is under way
 * @param status what dispatch does now
 * @param checks the health of its parts
 * @param news what happens
 * @param keys what is hidden of runs that go on
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
    List<HealthCheckResult> checks,
    PageUpdates news,
    RunSecrets keys) {

  public WebContext {
    checks = List.copyOf(checks);
  }
}
