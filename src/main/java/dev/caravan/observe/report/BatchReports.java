package dev.caravan.observe.report;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListener;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@code report.html} of each batch up to date. It writes when a run has ended, so as not
 * to disturb one: at most once per interval, for at most 1 % of the time, and when the batch ends.
 */
public final class BatchReports implements PipelineListener {

  private static final Logger LOG = LoggerFactory.getLogger(BatchReports.class);

  /** The pause after writing a report, as a multiple of the time it took. */
  private static final long PAUSE_FACTOR = 100;

  private final DurableFiles files;
  private final Reporter reporter;
  private final Duration interval;
  private final LongSupplier nanoTime;
  private final Map<Path, Long> due = new ConcurrentHashMap<>();
  private ReportPage page;

  /** Reports at the interval in the settings. */
  public static BatchReports of(Settings settings, DurableFiles files, BatchStore batches) {
    return new BatchReports(
        files, batches, settings.duration(Setting.REPORT_INTERVAL), System::nanoTime);
  }

  /**
   * Reports for batches of this store.
   *
   * @param interval minimum time between two reports of a batch; zero turns reports off
   * @param nanoTime a monotonic clock, such as {@link System#nanoTime}
   */
  public BatchReports(
      DurableFiles files, BatchStore batches, Duration interval, LongSupplier nanoTime) {
    this.files = files;
    this.reporter = new Reporter(new BatchReader(batches));
    this.interval = interval;
    this.nanoTime = nanoTime;
  }

  @Override
  public void changed(PipelineChange change) {
    if (change instanceof PipelineChange.ResultsChanged results) {
      update(results.batch(), results.finished());
    }
  }

  private synchronized void update(Batch batch, boolean finished) {
    if (interval.isZero()) {
      return;
    }
    long now = nanoTime.getAsLong();
    long dueAt = due.computeIfAbsent(batch.folder(), folder -> now + interval.toNanos());
    if (finished || now - dueAt >= 0) {
      write(batch);
      long elapsed = nanoTime.getAsLong() - now;
      due.put(batch.folder(), now + Math.max(interval.toNanos(), PAUSE_FACTOR * elapsed));
    }
    if (finished) {
      due.remove(batch.folder());
    }
  }

  /** A report is optional: an error must not affect the results. */
  private void write(Batch batch) {
    try {
      if (page == null) {
        page = new ReportPage();
      }
      String html = page.html(reporter.report(List.of(batch.folder())));
      files.writeOver(
          batch.folder().resolve(BatchFolder.REPORT), html.getBytes(StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "[{}] Could not write report.html: {}; `caravan report` can create it",
          batch.id(),
          e.toString());
    }
  }
}
