package dev.caravan.observe.compare;

import dev.caravan.analysis.Verdict;
import dev.caravan.observe.report.BatchVerdict;
import dev.caravan.pipeline.accept.BatchFinder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Finds the batches of a name that are comparable with a given one, newest first. */
final class EarlierBatches {

  /** Number of batches of a name that are looked at. */
  private static final int MAX_READ = 100;

  /** Number of their runs, which bounds the time that it takes. */
  private static final int MAX_RUNS = 20_000;

  private final BatchFinder finder;
  private final ComparedBatchReader reader;
  private final CompareRules rules;

  EarlierBatches(BatchFinder finder, ComparedBatchReader reader, CompareRules rules) {
    this.finder = finder;
    this.reader = reader;
    this.rules = rules;
  }

  /**
   * What was found.
   *
   * @param batches the alike ones, newest first
   * @param unlike number of others that had to be passed over
   */
  record Found(List<ComparedBatch> batches, int unlike) {

    /** Which ones the newest {@code count} are: {@code nightly/…}, or {@code nightly/… to …}. */
    String ids(int count) {
      String newest = batches.get(0).id();
      return count == 1 ? newest : batches.get(count - 1).id() + " to " + newest;
    }
  }

  /**
   * The newest alike batches that were accepted before a given one.
   *
   * @param like the batch whose name they have and that they have to be like
   * @param candidate the batch before which they were accepted
   * @param most how many
   * @param isGood what their own verdict has to be; it is empty for a batch that was not compared
   */
  Found alike(
      ComparedBatch like, ComparedBatch candidate, int most, Predicate<Optional<Verdict>> isGood)
      throws IOException {
    List<ComparedBatch> found = new ArrayList<>();
    int unlike = 0;
    int read = 0;
    int runs = 0;
    for (Path folder : finder.namesakes(like.id())) {
      if (found.size() == most || read == MAX_READ || runs > MAX_RUNS) {
        break;
      }
      if (isSame(folder, candidate)
          || !isGood.test(BatchVerdict.read(folder).map(BatchVerdict::verdict))) {
        continue;
      }
      read++;
      Optional<ComparedBatch> batch = read(folder).filter(each -> isBefore(each, candidate));
      runs += batch.map(each -> each.runs().size()).orElse(0);
      if (batch.filter(each -> isAlike(each, like)).isPresent()) {
        found.add(batch.get());
      } else if (batch.isPresent()) {
        unlike++;
      }
    }
    return new Found(found, unlike);
  }

  private static boolean isSame(Path folder, ComparedBatch batch) {
    return !batch.folder().isEmpty()
        && folder.equals(Path.of(batch.folder()).toAbsolutePath().normalize());
  }

  /** A batch that cannot be read is passed over. */
  private Optional<ComparedBatch> read(Path folder) {
    try {
      return Optional.of(reader.read(folder)).filter(ComparedBatch::finished);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isBefore(ComparedBatch batch, ComparedBatch other) {
    Optional<OffsetDateTime> one = time(batch.startedAt());
    Optional<OffsetDateTime> two = time(other.startedAt());
    return !batch.id().equals(other.id())
        && (one.isEmpty() || two.isEmpty() || one.get().isBefore(two.get()));
  }

  private static Optional<OffsetDateTime> time(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty(); // unknown in trees of other programs
    }
  }

  private boolean isAlike(ComparedBatch batch, ComparedBatch other) {
    CountingRuns counting = new CountingRuns(rules.allowed());
    return new Likeness(
            ComparedSide.of(batch).counting(counting::counts),
            ComparedSide.of(other).counting(counting::counts),
            Set.of(),
            rules.allowed())
        .isAlike();
  }
}
