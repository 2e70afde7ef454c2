package dev.caravan.observe.compare;

import dev.caravan.analysis.Verdict;
import dev.caravan.config.CompareRule;
import dev.caravan.config.settings.Settings;
import dev.caravan.observe.report.ComparisonResult;
import dev.caravan.observe.report.ResultFolders;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares batches by the names that users give: a folder, a zip archive, the name or id of a
 * batch, or {@code baseline:NAME}. Use one instance per command or request: it keeps what it has
 * read.
 */
public final class Comparisons {

  /** The prefix of a name that means a stored baseline. */
  public static final String BASELINE = "baseline:";

  /** Most batches from which the noise between batches is measured. */
  private static final int MAX_HISTORY = 20;

  private final BatchFinder finder;
  private final Baselines baselines;
  private final Path workingDirectory;
  private final CompareRules rules;
  private final ComparedBatchReader reader = new ComparedBatchReader();

  /** Comparisons in the home of these settings. */
  public static Comparisons of(Settings settings, CompareRules rules) {
    return new Comparisons(
        BatchFinder.of(settings),
        new Baselines(new Home(settings.home()), new DurableFiles()),
        Path.of("").toAbsolutePath(),
        rules);
  }

  Comparisons(BatchFinder finder, Baselines baselines, Path workingDirectory, CompareRules rules) {
    this.finder = finder;
    this.baselines = baselines;
    this.workingDirectory = workingDirectory;
    this.rules = rules;
  }

  /**
   * The batch of this name.
   *
   * @throws IOException with words for the user when there is none
   */
  public ComparedBatch batch(String name) throws IOException {
    if (name.startsWith(BASELINE)) {
      return baselines.find(name.substring(BASELINE.length())).batch();
    }
    Optional<Path> here = path(name);
    if (here.filter(ZippedBatch::isArchive).isPresent()) {
      return new ZippedBatch(reader).read(here.get());
    }
    Optional<Path> folder = finder.find(name, workingDirectory);
    if (folder.isPresent()) {
      return reader.read(folder.get());
    }
    List<Path> inside =
        here.filter(Files::isDirectory).isPresent() ? ResultFolders.batches(here.get()) : List.of();
    if (inside.size() != 1) {
      throw new IOException(
          inside.isEmpty()
              ? "there is no batch, folder, zip archive or " + BASELINE + "NAME \"" + name + "\""
              : name + " holds " + inside.size() + " batches; name one of them");
    }
    return reader.read(inside.get(0));
  }

  private Optional<Path> path(String name) {
    try {
      return Optional.of(workingDirectory.resolve(name));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /**
   * Makes the comparisons that a batch itself asks for: of its variants, or else with what its
   * config names. The rules of the config apply where this instance has none.
   */
  public List<ComparisonResult> compare(String batch) throws IOException {
    Optional<CompareRule> rule = rule(batch(batch));
    Comparisons used = rule.map(each -> with(rules.over(CompareRules.of(each)))).orElse(this);
    boolean ofVariants = hasVariants(batch);
    Optional<CompareRule.Base> base =
        rule.map(CompareRule::base).filter(each -> isOfVariants(each) == ofVariants);
    return base.isPresent() ? used.compare(base.get(), batch) : used.compareVariants("", batch);
  }

  private Comparisons with(CompareRules others) {
    return new Comparisons(finder, baselines, workingDirectory, others);
  }

  private static boolean isOfVariants(CompareRule.Base base) {
    return base instanceof CompareRule.Base.OfVariant;
  }

  /**
   * Compares a batch that has ended with what its config says. A batch that the config names is one
   * of the home's: a config opens no other file or folder.
   */
  List<ComparisonResult> compareAtEnd(CompareRule.Base base, Path batch) throws IOException {
    if (base instanceof CompareRule.Base.Named named) {
      Path folder =
          finder
              .inOutputFolders(named.batch())
              .orElseThrow(() -> new IOException("there is no batch \"" + named.batch() + "\""));
      return compare(new CompareRule.Base.Named(folder.toString()), batch.toString());
    }
    return compare(base, batch.toString());
  }

  private static Optional<CompareRule> rule(ComparedBatch batch) {
    return new BatchStore(new DurableFiles())
        .find(Path.of(batch.folder()))
        .flatMap(each -> each.config().evaluation().compare());
  }

  /** Compares a batch with what its config says. */
  public List<ComparisonResult> compare(CompareRule.Base base, String candidate)
      throws IOException {
    if (base instanceof CompareRule.Base.Last last) {
      return List.of(compareWithLast(last.batches(), candidate));
    }
    if (base instanceof CompareRule.Base.LastPass) {
      return List.of(compareWithLastPass(candidate));
    }
    if (base instanceof CompareRule.Base.Named named) {
      return List.of(compare(named.batch(), candidate));
    }
    if (base instanceof CompareRule.Base.Baseline baseline) {
      return List.of(compare(BASELINE + baseline.name(), candidate));
    }
    if (base instanceof CompareRule.Base.OfVariant variant) {
      return compareVariants(variant.name(), candidate);
    }
    throw new IllegalStateException("no comparison with " + base);
  }

  /** Compares two batches by their names. */
  public ComparisonResult compare(String base, String candidate) throws IOException {
    ComparedBatch one = batch(base);
    ComparedBatch other = batch(candidate);
    String name = base.startsWith(BASELINE) ? base : one.id();
    if (one.isSame(other)) {
      String sentence = new Wording(name, other.id(), Map.of()).refused("both are the same batch");
      ComparisonResult.Side side = side(name, one);
      return uncompared(Verdict.REFUSED, sentence, side, side(other.id(), other), List.of());
    }
    List<ComparedBatch> history =
        earlier().alike(one, other, MAX_HISTORY, Comparisons::isNoFail).batches();
    Pairing pairing = new Pairing(Set.of(), false, whole(history), List.of());
    return new Comparer(rules)
        .compare(ComparedSide.of(name, List.of(one)), ComparedSide.of(other), pairing);
  }

  /** Compares a batch with the newest alike ones before it that did not fail. */
  public ComparisonResult compareWithLast(int count, String candidate) throws IOException {
    ComparedBatch batch = batch(candidate);
    int most = Math.max(count, MAX_HISTORY);
    return withEarlier(
        "last " + count, batch, earlier().alike(batch, batch, most, Comparisons::isNoFail), count);
  }

  /**
   * Compares a batch with the newest alike one before it whose verdict left nothing open: it
   * passed, or there was nothing to compare it with.
   */
  public ComparisonResult compareWithLastPass(String candidate) throws IOException {
    ComparedBatch batch = batch(candidate);
    EarlierBatches.Found all = earlier().alike(batch, batch, MAX_HISTORY, Comparisons::isNoFail);
    EarlierBatches.Found passed = earlier().alike(batch, batch, 1, Comparisons::isPass);
    List<ComparedBatch> newest = new ArrayList<>(passed.batches());
    all.batches().stream().filter(each -> !newest.contains(each)).forEach(newest::add);
    return passed.batches().isEmpty()
        ? withEarlier("last pass", batch, passed, 1)
        : withEarlier("last pass", batch, new EarlierBatches.Found(newest, passed.unlike()), 1);
  }

  /**
   * Compares the variants of a batch with one of them.
   *
   * @param base the variant to compare with, or the group; the first one if it is empty
   */
  public List<ComparisonResult> compareVariants(String base, String batch) throws IOException {
    ComparedBatch read = batch(batch);
    VariantPairs pairs = new VariantPairs(read);
    String first = base.isEmpty() ? pairs.first() : pairs.group(base);
    if (first.isEmpty() || pairs.others(first).isEmpty()) {
      throw new IOException(
          read.id()
              + (base.isEmpty() || !first.isEmpty()
                  ? " has no variants to compare; name the batch to compare it with"
                  : " has no variant \"" + base + "\""));
    }
    List<ComparedBatch> earlier =
        earlier().alike(read, read, MAX_HISTORY, Comparisons::isNoFail).batches();
    Comparer comparer = new Comparer(rules);
    return pairs.others(first).stream()
        .map(
            other ->
                comparer.compare(
                    pairs.base(first),
                    pairs.candidate(other),
                    pairs.pairing(first, other, earlier)))
        .toList();
  }

  /** Whether a batch has variants that can be compared. */
  boolean hasVariants(String batch) throws IOException {
    VariantPairs pairs = new VariantPairs(batch(batch));
    return !pairs.others(pairs.first()).isEmpty();
  }

  /** Whether a batch with this verdict is one to compare with. */
  static boolean isNoFail(Optional<Verdict> verdict) {
    return verdict.filter(Verdict.FAIL::equals).isEmpty();
  }

  /** Whether it left nothing open. */
  static boolean isPass(Optional<Verdict> verdict) {
    return verdict.map(each -> each == Verdict.PASS || each == Verdict.NONE).orElse(true);
  }

  private static List<ComparedBatch> whole(List<ComparedBatch> batches) {
    return batches.stream().map(ComparedBatch::whole).toList();
  }

  private EarlierBatches earlier() {
    return new EarlierBatches(finder, reader, rules);
  }

  private ComparisonResult withEarlier(
      String name, ComparedBatch candidate, EarlierBatches.Found found, int count) {
    List<String> notes = new ArrayList<>();
    int size = Math.min(count, found.batches().size());
    if (size > 0) {
      notes.add("Compared with " + found.ids(size) + ".");
    }
    if (size < count) {
      notes.add("Found " + size + " of " + count + " earlier batches of this name.");
    }
    if (found.unlike() > 0) {
      notes.add(found.unlike() + " of its earlier batches are not comparable and were skipped.");
    }
    return size == 0
        ? nothing(name, candidate, notes)
        : new Comparer(rules)
            .compare(
                ComparedSide.of(name, found.batches().subList(0, size)),
                ComparedSide.of(candidate),
                new Pairing(Set.of(), false, whole(found.batches()), notes));
  }

  private static ComparisonResult nothing(
      String name, ComparedBatch candidate, List<String> notes) {
    return uncompared(
        Verdict.NONE,
        "no verdict on " + candidate.id() + " vs. " + name + ": no earlier batch is comparable",
        new ComparisonResult.Side(name, List.of(), 0),
        side(candidate.id(), candidate),
        notes);
  }

  private static ComparisonResult.Side side(String name, ComparedBatch batch) {
    return new ComparisonResult.Side(name, List.of(batch.id()), batch.runs().size());
  }

  private static ComparisonResult uncompared(
      Verdict verdict,
      String sentence,
      ComparisonResult.Side base,
      ComparisonResult.Side candidate,
      List<String> notes) {
    return new ComparisonResult(
        verdict, sentence, base, candidate, List.of(), List.of(), List.of(), List.of(), List.of(),
        notes);
  }
}
