package dev.caravan.observe.compare;

import dev.caravan.analysis.Verdict;
import dev.caravan.config.CompareRule;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.observe.report.BatchVerdict;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.SeveralBatchesException;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the batches that others are compared with, according to their configs. */
public final class UsedBatches {

  private static final Logger LOG = LoggerFactory.getLogger(UsedBatches.class);

  private final BatchFinder finder;
  private final BatchStore store = new BatchStore(new DurableFiles());
  private final ComparedBatchReader reader = new ComparedBatchReader();
  private final Map<Path, Optional<CompareRule>> rules = new ConcurrentHashMap<>();

  /** The used batches of the home of these settings. */
  public static UsedBatches of(Settings settings) {
    return new UsedBatches(BatchFinder.of(settings));
  }

  UsedBatches(BatchFinder finder) {
    this.finder = finder;
  }

  /**
   * The batches with which these are compared, and with which the next one of their name would be,
   * which is most likely to have the config of the newest.
   *
   * @param batches folders of batches of one name; none of them needs to be the newest
   * @param namesakes folders of all batches of that name, newest first
   */
  public Set<Path> by(Collection<Path> batches, List<Path> namesakes) throws IOException {
    Set<Path> used = new HashSet<>();
    int last = 0;
    int lastPass = 0;
    for (Path folder : withNewest(batches, namesakes)) {
      Optional<CompareRule> rule = rule(folder);
      if (rule.isPresent()) {
        CompareRule.Base base = rule.get().base();
        last = Math.max(last, base instanceof CompareRule.Base.Last some ? some.batches() : 0);
        lastPass = Math.max(lastPass, base instanceof CompareRule.Base.LastPass ? 1 : 0);
        used.addAll(by(folder, rule.get()));
      }
    }
    used.addAll(newest(namesakes, last, Comparisons::isNoFail));
    used.addAll(newest(namesakes, lastPass, Comparisons::isPass));
    return used;
  }

  private static Set<Path> withNewest(Collection<Path> batches, List<Path> namesakes) {
    Set<Path> all = new LinkedHashSet<>(batches);
    namesakes.stream().limit(1).forEach(all::add);
    return all;
  }

  /**
   * The batches, of whatever name, that the configs of these name to compare with, and those that
   * the configs of those name.
   */
  public Set<Path> named(Collection<Path> batches) throws IOException {
    Set<Path> named = new HashSet<>();
    Deque<Path> left = new ArrayDeque<>(batches);
    while (!left.isEmpty()) {
      Path folder = left.remove();
      Optional<CompareRule> rule = rule(folder);
      if (rule.isPresent() && rule.get().base() instanceof CompareRule.Base.Named) {
        by(folder, rule.get()).stream().filter(named::add).forEach(left::add);
      }
    }
    return named;
  }

  /** Read once: the config of a batch never changes. */
  private Optional<CompareRule> rule(Path folder) {
    Optional<CompareRule> known = rules.get(folder);
    if (known != null) {
      return known;
    }
    Optional<Batch> batch = store.find(folder);
    Optional<CompareRule> rule = batch.flatMap(each -> each.config().evaluation().compare());
    if (batch.isPresent()) {
      rules.put(folder, rule);
    }
    return rule;
  }

  /** A batch that cannot be read is compared with none. */
  private List<Path> by(Path folder, CompareRule rule) {
    try {
      if (rule.base() instanceof CompareRule.Base.Last last) {
        return alike(folder, rule, last.batches(), Comparisons::isNoFail);
      }
      if (rule.base() instanceof CompareRule.Base.LastPass) {
        return alike(folder, rule, 1, Comparisons::isPass);
      }
      if (rule.base() instanceof CompareRule.Base.Named named) {
        return finder.inOutputFolders(named.batch()).stream().toList();
      }
    } catch (SeveralBatchesException e) {
      return e.folders(); // it is one of them
    } catch (IOException e) {
      LOG.debug("Cannot read {}: {}", folder, e.toString());
    }
    return List.of(); // a baseline keeps its own figures; variants are in the batch itself
  }

  private List<Path> alike(
      Path folder, CompareRule rule, int most, Predicate<Optional<Verdict>> isGood)
      throws IOException {
    ComparedBatch batch = reader.read(folder);
    return new EarlierBatches(finder, reader, CompareRules.of(rule))
        .alike(batch, batch, most, isGood).batches().stream()
            .map(each -> Path.of(each.folder()))
            .toList();
  }

  /** The newest batches of a name that count, whatever they are like. */
  private List<Path> newest(List<Path> namesakes, int most, Predicate<Optional<Verdict>> isGood) {
    return namesakes.stream()
        .filter(each -> isGood.test(BatchVerdict.read(each).map(BatchVerdict::verdict)))
        .filter(this::counts)
        .limit(most)
        .toList();
  }

  private boolean counts(Path folder) {
    try {
      ComparedBatch batch = reader.read(folder);
      return batch.finished() && batch.runs().stream().anyMatch(new CountingRuns(Set.of())::counts);
    } catch (IOException e) {
      return false;
    }
  }
}
