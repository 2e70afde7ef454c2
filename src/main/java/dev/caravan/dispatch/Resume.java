package dev.caravan.dispatch;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Batches;
import dev.caravan.batch.OpenBatches;
import dev.caravan.batch.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the batches that an earlier life of this home left unfinished. */
public final class Resume {

  private static final Logger LOG = LoggerFactory.getLogger(Resume.class);
  private static final int PATIENCE_MINUTES = 5;

  private final OpenBatches open;
  private final Batches batches;
  private final Owner owner;
  private final List<Path> places;
  private final CountDownLatch done = new CountDownLatch(1);

  /**
   * What resumes an owner's batches.
   *
   * @param places where batches lie; looked through when the list of open batches is lost
   */
  public Resume(OpenBatches open, Batches batches, Owner owner, List<Path> places) {
    this.open = open;
    this.batches = batches;
    this.owner = owner;
    this.places = List.copyOf(places);
  }

  /** This owner's unfinished batches, in order of acceptance; one that cannot be read is said. */
  public List<Batch> batches() throws IOException {
    if (open.isLost()) {
      rebuild();
    }
    List<Batch> found = new ArrayList<>();
    for (Path folder : open.folders()) {
      load(folder).ifPresent(found::add);
    }
    return found;
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
        for (Path folder : BatchScan.unfinished(place, owner)) {
          found.add(batches.load(folder));
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
    try {
      Batch batch = batches.load(folder);
      if (batch.record().owner().equals(owner)) {
        LOG.info("Resuming {}", batch.id());
        return Optional.of(batch);
      }
      LOG.warn("Left alone, since another Caravan owns it: {}", folder);
    } catch (IOException e) {
      LOG.error("Cannot resume {}: {}", folder, e.getMessage());
    }
    return Optional.empty();
  }
}
