package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Batch;
import dev.caravan.model.Owner;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.storage.RepeatedTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the batches that a previous process of this home left unfinished. */
public final class Resume {

  private static final Logger LOG = LoggerFactory.getLogger(Resume.class);
  private static final int TIMEOUT_MINUTES = 5;

  private final OpenBatches open;
  private final BatchStore batches;
  private final Owner owner;
  private final List<Path> roots;
  private final RepeatedTrouble troubles = new RepeatedTrouble(System::nanoTime);
  private final CountDownLatch done = new CountDownLatch(1);

  /** Batches found and not opened yet; empty until the list could be read. */
  private Optional<Set<Path>> remaining = Optional.empty();

  /**
   * Resumes the batches of one owner.
   *
   * @param roots folders with results; scanned when the list of open batches is missing
   */
  public Resume(OpenBatches open, BatchStore batches, Owner owner, List<Path> roots) {
    this.open = open;
    this.batches = batches;
    this.owner = owner;
    this.roots = List.copyOf(roots);
  }

  /**
   * This owner's unfinished batches that are not opened yet, in order of acceptance. Batches that
   * cannot be read are logged and skipped.
   */
  public synchronized List<Batch> unfinishedBatches() throws IOException {
    if (remaining.isEmpty() && open.isMissing()) {
      rebuild();
    }
    List<Path> folders = remaining.isPresent() ? List.copyOf(remaining.get()) : open.folders();
    List<Batch> found = new ArrayList<>();
    for (Path folder : folders) {
      load(folder).ifPresent(found::add);
    }
    if (remaining.isEmpty()) {
      found.forEach(batch -> LOG.info("Resuming {}", batch.id()));
    }
    remaining = Optional.of(new LinkedHashSet<>(found.stream().map(Batch::folder).toList()));
    return found;
  }

  /** Dispatch has opened this batch; one that it could not open is returned again. */
  public synchronized void resumed(Batch batch) {
    remaining.ifPresent(folders -> folders.remove(batch.folder()));
  }

  /** All batches that were found are open. */
  public void finished() {
    done.countDown();
  }

  /**
   * Waits, up to 5 minutes, until all batches that were found are open. A result written to the
   * tree before that counts as one that the previous process published, so its event would be lost.
   */
  public void awaitFinished() throws InterruptedException {
    if (!done.await(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
      LOG.warn("Continuing, although not all batches of the previous process are open yet");
      finished();
    }
  }

  /** Rebuilds the list of open batches from the results tree. */
  private void rebuild() throws IOException {
    List<Batch> found = new ArrayList<>();
    for (Path root : roots) {
      if (Files.isDirectory(root)) {
        for (Path folder : UnfinishedBatchScan.unfinished(root, owner)) {
          read(folder).ifPresent(found::add);
        }
      }
    }
    found.sort(Comparator.comparing(batch -> OffsetDateTime.parse(batch.record().acceptedAt())));
    for (Batch batch : found) {
      open.ensure(batch);
    }
    if (!found.isEmpty()) {
      LOG.warn("The list of open batches was missing; found {} in the results tree", found.size());
    }
    open.prepare();
  }

  private Optional<Batch> load(Path folder) {
    Optional<Batch> batch = read(folder);
    if (batch.isPresent() && !batch.get().record().owner().equals(owner)) {
      String home = batch.get().record().owner().home();
      LOG.warn("Not resumed, another Caravan owns it (home {}): {}", home, folder);
      return Optional.empty();
    }
    return batch;
  }

  private Optional<Batch> read(Path folder) {
    try {
      return Optional.of(batches.load(folder));
    } catch (IOException e) {
      if (troubles.add(folder.toString(), e.toString())) {
        LOG.error("Cannot resume {}: {}", folder, e.getMessage());
      }
      return Optional.empty();
    }
  }
}
