package dev.caravan.observe.compare;

import dev.caravan.analysis.Verdict;
import dev.caravan.config.CompareRule;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.observe.report.BatchVerdict;
import dev.caravan.observe.report.ComparisonResult;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListener;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DamagedFileException;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.RepeatedTrouble;
import dev.caravan.storage.StateFolder;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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

  /** How long to wait before a comparison that could not be made is tried again. */
  private static final long RETRY_SECONDS = 60;

  /**
   * What is due.
   *
   * @param batchFolder relative to the home when it is inside
   * @param completion which end of the batch it is, from 1: with retries it ends more than once
   */
  private record Note(String batchFolder, int completion) {
    Note {
      if (batchFolder == null || completion < 1) {
        throw new IllegalArgumentException("not the note of a comparison");
      }
    }
  }

  private final Settings settings;
  private final Home home;
  private final DurableFiles files;
  private final BatchStore batches;
  private final PipelineListeners listeners;
  private final Path notes;
  private final ControlStore controls;
  private final RepeatedTrouble troubles = new RepeatedTrouble(System::nanoTime);
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(EndComparisons::backgroundThread);

  /**
   * Comparisons of a home.
   *
   * @param listeners are notified of each comparison
   */
  public EndComparisons(
      Settings settings,
      Home home,
      DurableFiles files,
      BatchStore batches,
      ControlStore controls,
      PipelineListeners listeners) {
    this.settings = settings;
    this.home = home;
    this.files = files;
    this.batches = batches;
    this.controls = controls;
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
        int completion = controls.of(batch).completion();
        Path note = notes.resolve(batch.record().claimId() + "-" + completion + ENDING);
        files.createDirectories(notes);
        files.writeWhole(note, Json.file(new Note(home.display(batch.folder()), completion)));
        enqueue(note);
      }
    } else if (change instanceof PipelineChange.Reopened reopened) {
      takeBack(reopened.run().batch());
    }
  }

  /** Deletes the verdict on a batch, which no longer holds when a run is executed again. */
  private synchronized void takeBack(Batch batch) throws IOException {
    Path file = batch.folder().resolve(BatchFolder.COMPARISON);
    if (Files.exists(file)) {
      files.delete(file);
    }
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
    schedule(note, 0);
  }

  private void schedule(Path note, long seconds) {
    try {
      executor.schedule(() -> carryOut(note), seconds, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("Stopping; {} will be made at the next start", note);
    }
  }

  /** An error affects only this comparison, which is tried again after a while. */
  private void carryOut(Path note) {
    try {
      Optional<Note> due = read(note);
      if (due.isPresent()) {
        compare(due.get());
        files.delete(note);
      }
      troubles.over(note.toString());
    } catch (IOException | RuntimeException | StackOverflowError e) {
      if (troubles.add(note.toString(), e.toString())) {
        LOG.error("Could not compare a batch that has ended ({}); will retry", note, e);
      }
      schedule(note, RETRY_SECONDS);
    }
  }

  /**
   * A note; empty when the end of the batch was published twice, or after setting aside a damaged
   * note.
   */
  private Optional<Note> read(Path note) throws IOException {
    if (RegularFiles.isAbsent(note)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(note, Note.class));
    } catch (DamagedFileException e) {
      LOG.error("Renamed to {}: {}", files.setAside(note).getFileName(), e.getMessage());
      return Optional.empty();
    }
  }

  /** Whether the batch still is at the end that the note is about. */
  private boolean isAtEnd(Batch batch, Note due) throws IOException {
    return controls.of(batch).completion() == due.completion();
  }

  /** Writes the comparison, unless a retry has reopened the batch meanwhile. */
  private synchronized boolean write(ComparisonFile comparison, Batch batch, Note due)
      throws IOException {
    boolean isAtEnd = isAtEnd(batch, due);
    if (isAtEnd) {
      comparison.write(batch.folder(), files);
    }
    return isAtEnd;
  }

  private void compare(Note due) throws IOException {
    Path folder = home.root().resolve(due.batchFolder());
    if (Files.notExists(folder) && Files.isDirectory(folder.getParent())) {
      LOG.warn("{} was deleted before it was compared", folder);
      return;
    }
    Batch batch = batches.load(folder);
    Optional<CompareRule> rule = batch.config().evaluation().compare();
    if (rule.isEmpty() || !isAtEnd(batch, due)) {
      return;
    }
    ComparisonFile comparison = comparison(rule.get(), batch);
    if (write(comparison, batch, due)) {
      logVerdict(batch, comparison);
      listeners.store(
          new PipelineChange.Compared(
              batch, comparison.verdict(), comparison.sentence(), due.completion()));
    }
  }

  private static void logVerdict(Batch batch, ComparisonFile comparison) {
    if (comparison.verdict() == Verdict.FAIL || comparison.verdict() == Verdict.REFUSED) {
      LOG.warn("[{}] {}", batch.id(), comparison.sentence());
    } else {
      LOG.info("[{}] {}", batch.id(), comparison.sentence());
    }
  }

  /**
   * Compares a batch as its config says and writes {@code comparison.json} into its folder; empty
   * when the config does not ask for it.
   *
   * @throws IOException when files cannot be read or written
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
  private ComparisonFile comparison(CompareRule rule, Batch batch) throws IOException {
    try {
      List<ComparisonResult> results =
          Comparisons.of(settings, CompareRules.of(rule)).compareAtEnd(rule.base(), batch.folder());
      return ComparisonFile.of(results);
    } catch (IOException | InvalidPathException e) {
      if (e instanceof FileSystemException && !(e instanceof DamagedFileException)) {
        throw e; // that says nothing about the batches
      }
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
