package dev.caravan.observe.compare;

import dev.caravan.analysis.Verdict;
import dev.caravan.config.CompareRule;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.observe.report.BatchVerdict;
import dev.caravan.observe.report.ComparisonResult;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListener;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares batches whose config asks for it, when they have ended. That is done in the background:
 * a note in {@code .caravan/comparing/} says that it is due, from before the batch leaves the list
 * of open ones until the comparison is written and published. After a kill the note remains, and
 * the comparison is made at the next start.
 */
public final class EndComparisons implements PipelineListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EndComparisons.class);
  private static final String ENDING = ".json";

  /** What is due; the folder is relative to the home when it is inside. */
  private record Note(String batchFolder) {}

  private final Settings settings;
  private final Home home;
  private final DurableFiles files;
  private final BatchStore batches;
  private final PipelineListeners listeners;
  private final Path notes;
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(EndComparisons::backgroundThread);

  /**
   * Comparisons of a home.
   *
   * @param listeners are told of each comparison
   */
  public EndComparisons(
      Settings settings,
      Home home,
      DurableFiles files,
      BatchStore batches,
      PipelineListeners listeners) {
    this.settings = settings;
    this.home = home;
    this.files = files;
    this.batches = batches;
    this.listeners = listeners;
    this.notes = StateFolder.COMPARING.in(home);
  }

  private static Thread backgroundThread(Runnable work) {
    Thread thread = new Thread(work, "comparison");
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    return thread;
  }

  @Override
  public void changed(PipelineChange change) throws IOException {
    if (change instanceof PipelineChange.Finished finished) {
      Batch batch = finished.batch();
      if (batch.config().evaluation().compare().isPresent()) {
        Path note = notes.resolve(name(finished) + ENDING);
        files.createDirectories(notes);
        files.writeWhole(note, Json.file(new Note(home.display(batch.folder()))));
        enqueue(note);
      }
    } else if (change instanceof PipelineChange.Reopened reopened) {
      // What was said of it is no longer so.
      Path file = reopened.run().batch().folder().resolve(BatchFolder.COMPARISON);
      if (Files.exists(file)) {
        files.delete(file);
      }
    }
  }

  /** One name for one end of a batch: with retries it ends more than once. */
  private static String name(PipelineChange.Finished finished) {
    long at = finished.summary().finishedAt().map(end -> end.toInstant().toEpochMilli()).orElse(0L);
    return finished.batch().record().claimId() + "-" + at;
  }

  /** Makes the comparisons that an earlier process left. */
  public void restore() throws IOException {
    if (Files.isDirectory(notes)) {
      files.list(notes).stream()
          .filter(note -> note.getFileName().toString().endsWith(ENDING))
          .filter(note -> !note.getFileName().toString().startsWith("."))
          .forEach(this::enqueue);
    }
  }

  private void enqueue(Path note) {
    try {
      executor.execute(() -> carryOut(note));
    } catch (RejectedExecutionException e) {
      LOG.debug("Stopping; {} is made at the next start", note);
    }
  }

  /** An error costs only this comparison; it is tried again at the next start. */
  private void carryOut(Path note) {
    try {
      if (!Files.exists(note)) {
        return; // its end was told twice
      }
      Path folder = home.root().resolve(Json.read(note, Note.class).batchFolder());
      Optional<Batch> batch = batches.find(folder);
      if (batch.isPresent()) {
        Optional<BatchVerdict> verdict = compare(batch.get());
        if (verdict.isPresent()) {
          say(batch.get(), verdict.get());
          listeners.store(
              new PipelineChange.Compared(
                  batch.get(), verdict.get().verdict(), verdict.get().sentence()));
        }
      }
      files.delete(note);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      LOG.error(
          "Could not compare a batch that has ended ({}); tried again at the next start", note, e);
    }
  }

  private static void say(Batch batch, BatchVerdict verdict) {
    if (verdict.verdict() == Verdict.FAIL || verdict.verdict() == Verdict.REFUSED) {
      LOG.warn("[{}] {}", batch.id(), verdict.sentence());
    } else {
      LOG.info("[{}] {}", batch.id(), verdict.sentence());
    }
  }

  /**
   * Compares a batch as its config says and writes {@code comparison.json} into its folder; empty
   * when the config does not ask for it.
   *
   * @throws IOException when the file cannot be written
   */
  public Optional<BatchVerdict> compare(Batch batch) throws IOException {
    Optional<CompareRule> rule = batch.config().evaluation().compare();
    if (rule.isEmpty()) {
      return Optional.empty();
    }
    ComparisonFile comparison = comparison(rule.get(), batch);
    comparison.write(batch.folder(), files);
    return Optional.of(new BatchVerdict(comparison.verdict(), comparison.sentence()));
  }

  /** What cannot be compared, for lack of a base for example, is refused in words. */
  private ComparisonFile comparison(CompareRule rule, Batch batch) {
    try {
      List<ComparisonResult> results =
          Comparisons.of(settings, CompareRules.of(rule))
              .compare(rule.base(), batch.folder().toString());
      return ComparisonFile.of(results);
    } catch (IOException | InvalidPathException e) {
      return ComparisonFile.of(List.of(refused(batch, e.getMessage())));
    }
  }

  private static ComparisonResult refused(Batch batch, String why) {
    return new ComparisonResult(
        Verdict.REFUSED,
        "REFUSED " + batch.id() + ": " + why,
        new ComparisonResult.Side("", List.of(), 0),
        new ComparisonResult.Side(batch.id(), List.of(batch.id()), 0),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** Starts no more comparisons; what is due then is made at the next start. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
