package dev.caravan.pipeline.hooks;

import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.pipeline.outcome.OneLine;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what hooks do.
 *
 * @param prefixed whether the lines name the batch or run, as they must when several batches run
 */
record HookLines(boolean prefixed) {

  private static final Logger LOG = LoggerFactory.getLogger(HookLines.class);

  void started(String id, HookRun hook) {
    LOG.info("{}Hook {}: {}", prefix(id), hook.event(), hook.hook());
  }

  /** It may have done its work before: its end is recorded only afterwards. */
  void repeated(String id, HookRun hook) {
    LOG.warn(
        "{}Hook {}: {} runs again, because Caravan ended before its end was recorded",
        prefix(id),
        hook.event(),
        hook.hook());
  }

  void ended(String id, HookRun hook, Path log) {
    if (hook.isSuccess()) {
      String took = OneLine.duration(hook.durationSeconds().orElse(Duration.ZERO));
      LOG.info("{}Hook {}: {} took {}", prefix(id), hook.event(), hook.hook(), took);
    } else {
      LOG.warn("{}{}; see {}", prefix(id), hook.sentence(), log);
    }
  }

  private String prefix(String id) {
    return prefixed ? "[" + id + "] " : "";
  }
}
