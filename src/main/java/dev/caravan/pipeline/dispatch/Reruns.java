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
 * Runs that are done again. The order is kept first, with the number of the attempt that it was
 * given after; only then is that attempt set aside. So it is known at any instant whether a result
 * is from before or after the order.
 */
final class Reruns {

  private static final Logger LOG = LoggerFactory.getLogger(Reruns.class);

  private final ProgressListener progress;

  Reruns(ProgressListener progress) {
    this.progress = progress;
  }

  /** The orders of a batch with this one: for those of the runs that ended or were cancelled. */
  Control order(Batch batch, Control control, Set<Integer> indexes, Control.Order order) {
    Map<Integer, Integer> after = new TreeMap<>();
    if (order.request() != null && control.hasRetry(order.request())) {
      return control;
    }
    for (int index : indexes) {
      OptionalInt done = progress.attemptDone(batch.run(index));
      if (done.isPresent() || control.cancellationOf(index).isPresent()) {
        after.put(index, done.orElse(0));
      } else {
        LOG.info("[{}] Run {} has not ended yet; it is not run twice", batch.id(), index + 1);
      }
    }
    return after.isEmpty() ? control : control.withReruns(after, order);
  }

  /** Sets aside what these runs were done with before they were ordered again; what is to run. */
  Set<Integer> setAside(Batch batch, Control control, Set<Integer> indexes) throws IOException {
    Set<Integer> left = new TreeSet<>();
    for (int index : indexes) {
      OptionalInt done = progress.attemptDone(batch.run(index));
      boolean before = done.isPresent() && done.getAsInt() <= control.rerunAfter(index);
      if (before) {
        progress.again(batch.run(index));
      }
      if (before || done.isEmpty() && control.cancelled().isPresent()) {
        left.add(index);
      }
    }
    return left;
  }
}
