package dev.caravan.pipeline.run;

import dev.caravan.config.Target;
import dev.caravan.model.Run;
import dev.caravan.pipeline.environment.Environment;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The prompts that a service has seen from the latest runs of a batch. Only a few runs are looked
 * at, so that the work for each run does not grow with the batch, and each file is read once.
 */
final class EarlierPrompts {

  private static final int MOST_RUNS = 8;
  private static final int MOST_KNOWN = 100;

  private final Recent<Path, Known> known = new Recent<>(MOST_KNOWN);

  /** A digest, and what identifies the file that it was read from: each write makes a new one. */
  private record Known(Object fileKey, FileTime modified, String digest) {}

  /**
   * SHA-256 of the prompts of the attempt before, and of the runs before on the same service, each
   * with words for it; none if every run has prompts of its own.
   */
  Map<String, String> of(Run run, int attempt) {
    Map<String, String> seen = new HashMap<>();
    if (run.batch().config().variesPrompts()) {
      return seen;
    }
    String before = String.valueOf(attempt - 1);
    add(seen, run.folder().resolve(RunFolder.ATTEMPTS).resolve(before), "attempt " + before);
    Target target = Target.of(run.parameters().url());
    run.batch()
        .before(run.index())
        .limit(MOST_RUNS)
        .filter(other -> Target.of(other.batch().sweep().url(other.index())).equals(target))
        .forEach(other -> add(seen, other.folder(), "run " + other.title()));
    return seen;
  }

  private void add(Map<String, String> seen, Path folder, String words) {
    digest(new RunFolder(folder).environment())
        .filter(digest -> !digest.isEmpty())
        .ifPresent(digest -> seen.putIfAbsent(digest, words));
  }

  /** The digest that a run recorded, an empty text if it had no prompts; none until it ended. */
  private Optional<String> digest(Path file) {
    try {
      BasicFileAttributes now =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return known
          .find(file)
          .filter(each -> each.fileKey.equals(now.fileKey()))
          .filter(each -> each.modified.equals(now.lastModifiedTime()))
          .map(Known::digest)
          .or(() -> read(file, now));
    } catch (IOException e) {
      return Optional.empty(); // the run has not ended
    }
  }

  /** Does not cache a failure: the file may be unavailable only for now. */
  private Optional<String> read(Path file, BasicFileAttributes now) {
    Optional<String> digest = Environment.prompts(file);
    digest.ifPresent(
        found -> known.put(file, new Known(now.fileKey(), now.lastModifiedTime(), found)));
    return digest;
  }
}
