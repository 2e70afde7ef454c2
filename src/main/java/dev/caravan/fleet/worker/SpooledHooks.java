package dev.caravan.fleet.worker;

import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.run.InvalidRunOrderException;
import dev.caravan.pipeline.run.RemoteRuns;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hooks that run for the runs in a spool, by what is recorded in the run folders. */
record SpooledHooks(Spool spool, RemoteRuns runs) {

  private static final Logger LOG = LoggerFactory.getLogger(SpooledHooks.class);
  private static final int MAX_TEXT = 200;

  /** The hooks that run for unfinished runs, in words, by delivery id. */
  Map<String, String> underway() throws IOException {
    Map<String, String> hooks = new HashMap<>();
    for (String deliveryId : spool.deliveryIds()) {
      of(deliveryId)
          .map(hook -> OneLine.line(hook.progress(), MAX_TEXT))
          .ifPresent(hook -> hooks.put(deliveryId, hook));
    }
    return hooks;
  }

  private Optional<HookRun> of(String deliveryId) {
    try {
      RunOrder order = spool.order(spool.assignment(deliveryId));
      Run run = runs.run(order.batchFolder(), order.runIndex());
      return run.batch().config().hooks().isEmpty() || spool.report(deliveryId).isPresent()
          ? Optional.empty()
          : HookRecord.ofNewest(run.folder()).underway();
    } catch (IOException | InvalidRunOrderException e) {
      // What is wrong with a run is reported as its outcome.
      LOG.debug("{} does not show whether a hook is running: {}", deliveryId, e.toString());
      return Optional.empty();
    }
  }
}
