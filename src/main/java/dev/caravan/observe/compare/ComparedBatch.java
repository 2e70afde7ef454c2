package dev.caravan.observe.compare;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A batch as a comparison sees it.
 *
 * @param id {@code <batch_name>/<timestamp>}
 * @param folder where it was read from
 * @param startedAt when it was accepted, RFC 3339; empty if unknown
 * @param finished whether all its runs have ended
 * @param planned number of its runs, ended or not
 * @param runs those that have ended
 */
public record ComparedBatch(
    String id,
    String folder,
    String startedAt,
    boolean finished,
    int planned,
    List<ComparedRun> runs) {

  public ComparedBatch {
    id = Objects.toString(id, "");
    folder = Objects.toString(folder, "");
    startedAt = Objects.toString(startedAt, "");
    runs = runs == null ? List.of() : runs.stream().filter(Objects::nonNull).toList();
  }

  /** The name that it shares with other batches of its config. */
  String name() {
    return id.contains("/") ? id.substring(0, id.lastIndexOf('/')) : id;
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
    return new ComparedBatch(id, folder, startedAt, finished, planned, some);
  }

  /** The names of its variants that ran, in alphabetical order. */
  Set<String> variants() {
    Set<String> names = new TreeSet<>();
    runs.forEach(run -> names.add(run.variant()));
    return names;
  }
}
