package dev.caravan.web;

import dev.caravan.batch.BatchFinder;
import dev.caravan.batch.Batches;
import dev.caravan.batch.Controls;
import dev.caravan.batch.Home;
import dev.caravan.batch.OutputRoots;
import dev.caravan.batch.SourceRules;
import dev.caravan.config.Settings;
import dev.caravan.dispatch.DaemonStatus;
import dev.caravan.record.Recorder;
import dev.caravan.run.RunKeys;
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
public record Workplace(
    Settings settings,
    Home home,
    Batches batches,
    BatchFinder finder,
    Controls controls,
    SourceRules rules,
    OutputRoots outputs,
    Recorder recorder,
    Supplier<DaemonStatus> status,
    List<Check> checks,
    News news,
    RunKeys keys) {

  public Workplace {
    checks = List.copyOf(checks);
  }
}
