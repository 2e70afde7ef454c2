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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows the progress of a batch on the terminal while it is open; nothing where there is none. */
public final class LiveProgress implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LiveProgress.class);
  private static final long EVERY_MILLIS = 1000;

  private final Lines lines;
  private final Optional<LiveRegion> block;
  private final Optional<ScheduledExecutorService> looks;

  /** What is to be shown. */
  interface Lines {
    /** The lines now, none longer than {@code width}. */
    List<String> now(int width) throws IOException, InterruptedException;
  }

  private LiveProgress(Lines lines, Map<String, String> environment) {
    this.lines = lines;
    this.block =
        LiveRegion.possible(environment)
            ? Optional.of(LiveRegion.open(environment))
            : Optional.empty();
    this.looks =
        block.map(
            b ->
                Executors.newSingleThreadScheduledExecutor(
                    work -> {
                      Thread thread = new Thread(work, "live-progress");
                      thread.setDaemon(true);
                      return thread;
                    }));
    looks.ifPresent(
        l -> l.scheduleWithFixedDelay(this::draw, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS));
  }

  /** The progress of this batch, shown from now on. */
  public static LiveProgress of(Batch batch) {
    BatchProgress progress = new BatchProgress(batch, Clock.systemUTC());
    return of(width -> ProgressLines.of(batch.id(), progress.look(), width));
  }

  /** What these lines tell, shown from now on. */
  static LiveProgress of(Lines lines) {
    return new LiveProgress(lines, System.getenv());
  }

  private void draw() {
    try {
      if (block.isPresent()) {
        block.get().show(lines.now(TerminalWidth.now() - 1));
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("The progress cannot be shown: {}", e.toString()); // a file just went; next time
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed meanwhile
    }
  }

  @Override
  public void close() {
    looks.ifPresent(ScheduledExecutorService::shutdownNow);
    block.ifPresent(LiveRegion::close);
  }
}
