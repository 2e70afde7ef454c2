package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares runs to be executed again. The request is stored first, with the number of the latest
 * attempt; only then is that attempt set aside. So, after a crash at any point, it is clear whether
 * a result is from before or after the request.
 */
final class Reruns {

  private static final Logger LOG = LoggerFactory.getLogger(Reruns.class);

  private final RunRecords records;

  Reruns(RunRecords records) {
    this.records = records;
  }

  /**
   * Adds a request for those of these runs that have ended or were cancelled; not for those that a
   * cancelled search could have made.
   */
  Control addTo(Control control, Batch batch, Set<Integer> indexes, Control.Order request) {
    Map<Integer, Integer> lastAttempts = new TreeMap<>();
    if (request.request() != null && control.hasRetry(request.request())) {
      return control;
    }
    for (int index : indexes) {
      OptionalInt last = records.finalAttempt(batch.run(index));
      boolean isCancelled = control.cancellationOf(index).isPresent();
      if (last.isPresent() || isCancelled && batch.search().isEmpty()) {
        lastAttempts.put(index, last.orElse(0));
      } else {
        LOG.info(
            "[{}] Run {} has not ended, so it is not rerun", batch.id(), batch.run(index).title());
      }
    }
    return lastAttempts.isEmpty() ? control : control.withReruns(lastAttempts, request);
  }

  /** Sets aside the attempts from before the request; the indexes of the runs to execute. */
  Set<Integer> setAside(Batch batch, Control control, Set<Integer> indexes) throws IOException {
    Set<Integer> toRun = new TreeSet<>();
    for (int index : indexes) {
      OptionalInt last = records.finalAttempt(batch.run(index));
      boolean outdated = last.isPresent() && last.getAsInt() <= control.rerunAfter(index);
      if (outdated) {
        records.reopen(batch.run(index));
      }
      if (outdated || last.isEmpty() && control.cancelled().isPresent()) {
        toRun.add(index);
      }
    }
    return toRun;
  }
}
