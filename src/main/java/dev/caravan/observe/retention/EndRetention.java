package dev.caravan.observe.retention;

import dev.caravan.config.settings.ResultsKeep;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.model.Owner;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListener;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.RepeatedTrouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies {@code caravan.results.keep} to the batches of a name when one of them has ended, in the
 * background. Only batches of this home are touched, and not the one that has just ended. What is
 * interrupted goes on at the next end.
 */
public final class EndRetention implements PipelineListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EndRetention.class);

  private final Optional<ResultsKeep> rule;
  private final BatchFinder finder;
  private final Retention retention;
  private final Pruner pruner;
  private final RepeatedTrouble troubles = new RepeatedTrouble(System::nanoTime);
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(EndRetention::backgroundThread);

  /**
   * The retention of a home.
   *
   * @param owner whose batches it prunes
   */
  public EndRetention(
      Settings settings, Home home, DurableFiles files, BatchFinder finder, Owner owner) {
    Protection protection = Protection.of(home, files, Optional.of(owner.home()));
    this.rule = ResultsKeep.of(settings);
    this.finder = finder;
    this.retention = new Retention(settings, finder, protection);
    this.pruner = new Pruner(protection, files);
  }

  private static Thread backgroundThread(Runnable work) {
    Thread thread = new Thread(work, "retention");
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    return thread;
  }

  @Override
  public void changed(PipelineChange change) {
    if (change instanceof PipelineChange.Closed closed && rule.isPresent()) {
      try {
        executor.execute(() -> apply(rule.get(), closed.batch()));
      } catch (RejectedExecutionException e) {
        LOG.debug("Stopping; what is surplus is pruned when the next batch ends");
      }
    }
  }

  private void apply(ResultsKeep keep, Batch ended) {
    Path folder = ended.folder();
    try {
      pruner.finish(finder.outputFolders());
      for (Surplus each : retention.surplus(keep, Surplus.nameOf(folder))) {
        if (each.staysBecause().isEmpty()
            && !RealPath.of(each.folder()).equals(RealPath.of(folder))) {
          prune(each, keep);
        }
      }
      troubles.over(Surplus.nameOf(folder));
    } catch (IOException | RuntimeException | StackOverflowError e) {
      logOnce(Surplus.nameOf(folder), e);
    }
  }

  /** A batch that cannot be pruned keeps no other from being pruned. */
  private void prune(Surplus surplus, ResultsKeep keep) {
    try {
      long freed = pruner.prune(surplus.folder(), keep.compresses());
      if (freed != 0) {
        String done = keep.compresses() ? "Compressed" : "Deleted";
        LOG.info("[{}] {}, {} freed", surplus.id(), done, Bytes.text(freed));
      }
      troubles.over(surplus.id());
    } catch (BatchInUseException e) {
      LOG.debug(
          "[{}] In use, so pruned by its user or when the next batch ends: {}",
          surplus.id(),
          e.toString());
    } catch (IOException | UncheckedIOException e) {
      logOnce(surplus.id(), e);
    }
  }

  private void logOnce(String what, Throwable trouble) {
    if (!executor.isShutdown() && troubles.add(what, trouble.toString())) {
      LOG.warn("[{}] Not pruned: {}", what, trouble.toString());
    }
  }

  /** Prunes no more. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
