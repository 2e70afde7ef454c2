package dev.caravan.observe.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * A batch as a comparison sees it. It may be from an archive or a baseline that somebody else made,
 * so that its texts are put on one line.
 *
 * @param id {@code <batch_name>/<timestamp>}
 * @param folder where it was read from; empty if that is no path
 * @param startedAt when it was accepted, RFC 3339; empty if unknown
 * @param finished whether all its runs have ended
 * @param planned number of its runs, ended or not
 * @param variants its variants, in the order of the config; empty without variants
 * @param runs those that have ended
 */
public record ComparedBatch(
    String id,
    String folder,
    String startedAt,
    boolean finished,
    int planned,
    List<ComparedVariant> variants,
    List<ComparedRun> runs) {

  public ComparedBatch {
    id = ComparedText.of(id);
    folder = ComparedText.path(folder);
    startedAt = ComparedText.of(startedAt);
    variants = variants == null ? List.of() : variants.stream().filter(Objects::nonNull).toList();
    runs = runs == null ? List.of() : runs.stream().filter(Objects::nonNull).toList();
  }

  /** Whether its folder is still there. */
  public boolean isThere() {
    return !folder.isEmpty() && Files.exists(Path.of(folder));
  }

  /**
   * Whether it is the same batch, maybe read from another place: a link, a copy, an archive or a
   * baseline. Two batches may have the same id, but not the same figures.
   */
  boolean isSame(ComparedBatch other) {
    return (id.equals(other.id) || realFolder().equals(other.realFolder()))
        && startedAt.equals(other.startedAt)
        && runs.equals(other.runs);
  }

  private Path realFolder() {
    try {
      return Path.of(folder).toRealPath();
    } catch (IOException e) {
      return Path.of(folder).toAbsolutePath().normalize(); // of what is gone, as it is written
    }
  }

  /** Its runs of this variant, as a batch of their own. */
  ComparedBatch ofVariant(String variant) {
    return with(runs.stream().filter(run -> run.variant().equals(variant)).toList());
  }

  /** Only those of its runs whose numbers count. */
  ComparedBatch counting(Predicate<ComparedRun> rule) {
    return with(runs.stream().filter(rule).toList());
  }

  private ComparedBatch with(List<ComparedRun> some) {
    return new ComparedBatch(id, folder, startedAt, finished, planned, variants, some);
  }

  /** The same batch with the points of each variant under names of their own. */
  ComparedBatch whole() {
    return variants.isEmpty() ? this : with(runs.stream().map(ComparedRun::apart).toList());
  }
}
