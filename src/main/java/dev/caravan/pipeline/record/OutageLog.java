package dev.caravan.pipeline.record;

import dev.caravan.config.Target;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListener;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Logs that targets are not ready: a warning for each new message, not for every check. */
public final class OutageLog implements PipelineListener {

  private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);

  private static final int MAX_MESSAGES = 50;

  /** The messages of each outage: batches that probe a target differently take turns. */
  private final Map<Target, Set<String>> messages = new ConcurrentHashMap<>();

  @Override
  public void changed(PipelineChange change) {
    if (change instanceof PipelineChange.Parked parked) {
      parked(parked);
    } else if (change instanceof PipelineChange.GaveUp gaveUp) {
      LOG.error("[{}] Giving up on {}: {}", gaveUp.batch().id(), gaveUp.target(), gaveUp.message());
    } else if (change instanceof PipelineChange.Ended ended) {
      messages.remove(Target.of(ended.run().parameters().url()));
    }
  }

  private void parked(PipelineChange.Parked parked) {
    Set<String> known =
        messages.computeIfAbsent(parked.target(), target -> ConcurrentHashMap.newKeySet());
    if (known.size() >= MAX_MESSAGES) {
      known.clear();
    }
    Level level = known.add(parked.message()) ? Level.WARN : Level.DEBUG;
    LOG.atLevel(level)
        .log(
            "[{}] {} {}; will check again", parked.batch().id(), parked.target(), parked.message());
  }
}
