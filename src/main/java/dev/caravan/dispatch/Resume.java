package dev.caravan.dispatch;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Batches;
import dev.caravan.batch.OpenBatches;
import dev.caravan.batch.Owner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the batches that an earlier life of this home left unfinished. */
public final class Resume {

  private static final Logger LOG = LoggerFactory.getLogger(Resume.class);

  private final OpenBatches open;
  private final Batches batches;
  private final Owner owner;

  public Resume(OpenBatches open, Batches batches, Owner owner) {
    this.open = open;
    this.batches = batches;
    this.owner = owner;
  }

  /** This owner's unfinished batches, in order of acceptance; one that cannot be read is said. */
  public List<Batch> batches() throws IOException {
    List<Batch> found = new ArrayList<>();
    for (OpenBatches.Entry entry : open.entries()) {
      Optional<Path> folder = open.folder(entry);
      if (folder.isPresent()) {
        load(folder.get()).ifPresent(found::add);
      }
    }
    return found;
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
