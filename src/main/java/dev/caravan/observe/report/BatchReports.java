package dev.caravan.observe.report;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.record.BatchObserver;
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
 * Keeps the {@code report.html} of each batch: made when a run has ended, so that it disturbs none,
 * at most once an interval and for at most 1 % of the time, and at the batch's end.
 */
public final class BatchReports implements BatchObserver {

  /** Name of the report in a batch folder. */
  public static final String FILE = "report.html";

  private static final Logger LOG = LoggerFactory.getLogger(BatchReports.class);

  /** A report is made again after this many times what it took to make. */
  private static final long SHARE = 100;

  private final DurableFiles files;
  private final Reporter reporter;
  private final Duration interval;
  private final LongSupplier nanoTime;
  private final Map<Path, Long> due = new ConcurrentHashMap<>();
  private ReportPage page;

  /**
   * Reports that are made once an interval at most.
   *
   * @param interval none are made at all when it is zero
   * @param nanoTime the clock, as {@link System#nanoTime}
   */
  public BatchReports(
      DurableFiles files, BatchStore batches, Duration interval, LongSupplier nanoTime) {
    this.files = files;
    this.reporter = new Reporter(new BatchReader(batches));
    this.interval = interval;
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized void changed(Batch batch, boolean finished) {
    if (interval.isZero()) {
      return;
    }
    long now = nanoTime.getAsLong();
    long when = due.computeIfAbsent(batch.folder(), folder -> now + interval.toNanos());
    if (finished || now - when >= 0) {
      make(batch);
      long took = nanoTime.getAsLong() - now;
      due.put(batch.folder(), now + Math.max(interval.toNanos(), SHARE * took));
    }
    if (finished) {
      due.remove(batch.folder());
    }
  }

  /** A report is an extra: what goes wrong with it must not touch the results. */
  private void make(Batch batch) {
    try {
      if (page == null) {
        page = new ReportPage();
      }
      String html = page.html(reporter.report(List.of(batch.folder())));
      files.writeWhole(batch.folder().resolve(FILE), html.getBytes(StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException e) {
      LOG.warn("[{}] No report was made: {}; `caravan report` can do it", batch.id(), e.toString());
    }
  }
}
