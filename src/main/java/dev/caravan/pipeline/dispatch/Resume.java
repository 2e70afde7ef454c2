package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Batch;
import dev.caravan.model.Owner;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.OpenBatches;
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

/** Finds the batches that an earlier life of this home left unfinished. */
public final class Resume {

  private static final Logger LOG = LoggerFactory.getLogger(Resume.class);
  private static final int PATIENCE_MINUTES = 5;

  private final OpenBatches open;
  private final BatchStore batches;
  private final Owner owner;
  private final List<Path> places;
  private final CountDownLatch done = new CountDownLatch(1);

  /** Those found and not taken on yet; empty until the list could be read. */
  private Optional<Set<Path>> left = Optional.empty();

  /**
   * What resumes an owner's batches.
   *
   * @param places where batches lie; looked through when the list of open batches is lost
   */
  public Resume(OpenBatches open, BatchStore batches, Owner owner, List<Path> places) {
    this.open = open;
    this.batches = batches;
    this.owner = owner;
    this.places = List.copyOf(places);
  }

  /**
   * This owner's unfinished batches that are not taken on yet, in order of acceptance; one that
   * cannot be read is said. Once all are taken on, there are none.
   */
  public synchronized List<Batch> batches() throws IOException {
    if (left.isEmpty() && open.isLost()) {
      rebuild();
    }
    List<Path> folders = left.isPresent() ? List.copyOf(left.get()) : open.folders();
    List<Batch> found = new ArrayList<>();
    for (Path folder : folders) {
      load(folder).ifPresent(found::add);
    }
    left = Optional.of(new LinkedHashSet<>(found.stream().map(Batch::folder).toList()));
    return found;
  }

  /** This batch is worked on; where that fails, it is found again. */
  public synchronized void takenOn(Batch batch) {
    left.ifPresent(folders -> folders.remove(batch.folder()));
  }

  /** All that were found are taken on. */
  public void done() {
    done.countDown();
  }

  /**
   * Waits until all that were found are taken on: what is put into the tree before is taken for
   * something that the earlier life told of, so that nobody would ever hear of it.
   */
  public void awaitDone() throws InterruptedException {
    if (!done.await(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
      LOG.warn("Going on though not all batches of an earlier life are taken on");
      done();
    }
  }

  /** The tree tells what the list held. */
  private void rebuild() throws IOException {
    List<Batch> found = new ArrayList<>();
    for (Path place : places) {
      if (Files.isDirectory(place)) {
        for (Path folder : UnfinishedBatchScan.unfinished(place, owner)) {
          read(folder).ifPresent(found::add);
        }
      }
    }
    found.sort(Comparator.comparing(batch -> OffsetDateTime.parse(batch.record().acceptedAt())));
    for (Batch batch : found) {
      open.ensure(batch);
    }
    if (!found.isEmpty()) {
      LOG.warn("The list of open batches was lost; {} were found in the tree", found.size());
    }
    open.prepare();
  }

  private Optional<Batch> load(Path folder) {
    Optional<Batch> batch = read(folder);
    if (batch.isPresent() && !batch.get().record().owner().equals(owner)) {
      LOG.warn("Left alone, since another Caravan owns it: {}", folder);
      return Optional.empty();
    }
    batch.ifPresent(found -> LOG.info("Resuming {}", found.id()));
    return batch;
  }

  private Optional<Batch> read(Path folder) {
    try {
      return Optional.of(batches.load(folder));
    } catch (IOException e) {
      LOG.error("Cannot resume {}: {}", folder, e.getMessage());
      return Optional.empty();
    }
  }
}
