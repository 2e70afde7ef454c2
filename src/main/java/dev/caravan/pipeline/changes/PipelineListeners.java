package dev.caravan.pipeline.changes;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of pipeline changes, in the order in which they were added. A listener that fails
 * does not keep a change from the others. Thread-safe.
 */
public final class PipelineListeners {

  private static final Logger LOG = LoggerFactory.getLogger(PipelineListeners.class);

  private final List<PipelineListener> listeners = new CopyOnWriteArrayList<>();

  /** Adds a listener behind all others. */
  public void add(PipelineListener listener) {
    listeners.add(listener);
  }

  /** Passes a change to all listeners and logs their failures. */
  public void publish(PipelineChange change) {
    try {
      store(change);
    } catch (IOException e) {
      LOG.error("Could not store a change ({}): {}", name(change), e.toString());
    }
  }

  /**
   * Passes on a change that could not be recovered from the results tree after a restart.
   *
   * @throws IOException when a listener could not store it, so that the caller must try again
   */
  public void store(PipelineChange change) throws IOException {
    Optional<IOException> failure = Optional.empty();
    for (PipelineListener listener : listeners) {
      try {
        listener.changed(change);
      } catch (IOException e) {
        failure = failure.or(() -> Optional.of(e));
      } catch (RuntimeException e) {
        LOG.error("A listener failed on a change ({})", name(change), e);
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  private static String name(PipelineChange change) {
    return change.getClass().getSimpleName();
  }
}
