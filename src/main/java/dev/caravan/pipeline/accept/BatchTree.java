package dev.caravan.pipeline.accept;

import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists batch folders. Of a folder that cannot be read, only its own content is missing; that is
 * logged once. A batch that links lead to is listed once, below its own folder if that is among the
 * listed ones.
 */
final class BatchTree {

  private static final Logger LOG = LoggerFactory.getLogger(BatchTree.class);

  private final DurableFiles files;
  private final Set<Path> unreadable = ConcurrentHashMap.newKeySet();

  BatchTree(DurableFiles files) {
    this.files = files;
  }

  /** The batches in all folders of these output folders. */
  List<Path> below(Collection<Path> outputs) {
    return in(
        outputs.stream()
            .flatMap(output -> list(output).stream())
            .filter(BatchTree::shown)
            .toList());
  }

  /** The batches directly in these folders. */
  List<Path> in(Collection<Path> parents) {
    Map<Path, Path> byPlace = new LinkedHashMap<>();
    parents.forEach(parent -> add(parent, byPlace));
    return List.copyOf(byPlace.values());
  }

  /** Whether this is the folder of a batch. */
  static boolean isBatch(Path folder) {
    return shown(folder) && Files.isRegularFile(folder.resolve(BatchFolder.RECORD));
  }

  private void add(Path parent, Map<Path, Path> byPlace) {
    Path placeOfParent = place(parent);
    for (Path batch : list(parent)) {
      if (isBatch(batch)) {
        Path place =
            Files.isSymbolicLink(batch) ? place(batch) : placeOfParent.resolve(batch.getFileName());
        byPlace.merge(place, batch, (a, b) -> distance(b, place) < distance(a, place) ? b : a);
      }
    }
  }

  /** How far a path is from the place that it leads to; links further up do not count. */
  private static int distance(Path batch, Path place) {
    if (batch.equals(place)) {
      return 0;
    }
    boolean linked = Files.isSymbolicLink(batch) || Files.isSymbolicLink(batch.getParent());
    return linked ? 2 : 1;
  }

  private List<Path> list(Path folder) {
    try {
      List<Path> entries = files.list(folder);
      unreadable.remove(folder);
      return entries;
    } catch (IOException e) {
      if (unreadable.add(folder)) {
        LOG.warn("Left out the batches in a folder that cannot be read: {}", e.toString());
      }
      return List.of();
    }
  }

  private static Path place(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder; // gone, or a folder above it is not accessible: its path identifies it
    }
  }

  private static boolean shown(Path folder) {
    return !folder.getFileName().toString().startsWith(".");
  }
}
