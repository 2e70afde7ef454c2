package dev.caravan.cli;

import dev.caravan.model.Batch;
import dev.caravan.observe.report.BatchProgress;
import dev.caravan.observe.report.ProgressLines;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows the progress of a batch on the terminal until closed; does nothing without a terminal. */
public final class LiveProgress implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LiveProgress.class);
  private static final long REFRESH_MILLIS = 1000;

  private final Lines lines;
  private final Optional<LiveRegion> region;
  private final Optional<ScheduledExecutorService> refreshes;

  /** The source of the lines to show. */
  interface Lines {
    /** The current lines, none longer than {@code width}. */
    List<String> now(int width) throws IOException, InterruptedException;
  }

  private LiveProgress(Lines lines, Map<String, String> environment) {
    this.lines = lines;
    this.region =
        LiveRegion.isSupported(environment)
            ? Optional.of(LiveRegion.open(environment))
            : Optional.empty();
    this.refreshes =
        region.map(
            b ->
                Executors.newSingleThreadScheduledExecutor(
                    work -> {
                      Thread thread = new Thread(work, "live-progress");
                      thread.setDaemon(true);
                      return thread;
                    }));
    refreshes.ifPresent(
        l -> l.scheduleWithFixedDelay(this::draw, 0, REFRESH_MILLIS, TimeUnit.MILLISECONDS));
  }

  /** Starts to show the progress of this batch. */
  public static LiveProgress of(Batch batch) {
    return of(linesOf(batch, Optional::empty));
  }

  /**
   * The lines that show the progress of this batch, read from its files.
   *
   * @param waiting why no run of it starts now
   */
  static Lines linesOf(Batch batch, Supplier<Optional<String>> waiting) {
    BatchProgress progress = new BatchProgress(batch, Clock.systemUTC());
    return width -> ProgressLines.of(batch.id(), progress.read(), waiting.get(), width);
  }

  /** Starts to show these lines. */
  static LiveProgress of(Lines lines) {
    return new LiveProgress(lines, System.getenv());
  }

  private void draw() {
    try {
      if (region.isPresent()) {
        region.get().show(lines.now(TerminalWidth.now() - 1));
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("Cannot show the progress: {}", e.toString()); // a file just moved; retried
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed in the meantime
    }
  }

  @Override
  public String toString() {
    return region.isPresent()
        ? "the progress on this terminal"
        : "no progress, which needs a terminal";
  }

  @Override
  public void close() {
    refreshes.ifPresent(ScheduledExecutorService::shutdownNow);
    region.ifPresent(LiveRegion::close);
  }
}
