package dev.caravan.model.plan;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.ConfigKeys;
import dev.caravan.config.Parameters;
import dev.caravan.config.PromptVariation;
import dev.caravan.config.Repeat;
import dev.caravan.config.RunMatrix;
import dev.caravan.config.Target;
import dev.caravan.config.Variant;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The runs of a batch: each variant at each point with each combination of sweep values, as often
 * as it is repeated. Run k is computed from its index (mixed radix), so memory use does not depend
 * on the number of runs.
 */
public final class Sweep {

  private final BenchmarkConfig config;
  private final List<Parameters> bases;
  private final List<String> variants;
  private final List<String> keys;

  /** Number of combinations of a point and sweep values. */
  private final int cells;

  private final ExcludedCells excluded;
  private final boolean variantsShareTarget;
  private final FolderNames folderNames;
  private final Optional<SearchPlan> search;
  private final RecentIndexes<Parameters> parameters =
      new RecentIndexes<>(index -> parameters(at(index)));
  private final RecentIndexes<String> folders = new RecentIndexes<>(index -> folder(at(index)));

  /**
   * The runs of this config.
   *
   * @throws ArithmeticException if there are more runs than an int can count; {@code ConfigReader}
   *     accepts no such config
   */
  public Sweep(BenchmarkConfig config) {
    RunMatrix matrix = config.matrix();
    this.config = config;
    this.variants = List.copyOf(matrix.variants().keySet());
    this.bases =
        variants.isEmpty()
            ? List.of(config.base())
            : matrix.variants().values().stream().map(Variant::base).toList();
    this.keys = List.copyOf(config.varied().keySet());
    this.cells = matrix.cells();
    Math.multiplyExact(Math.multiplyExact(cells, bases.size()), matrix.repeat().times());
    this.excluded = ExcludedCells.of(matrix);
    this.variantsShareTarget = shareTarget();
    this.folderNames = new FolderNames(config.varied(), matrix.repeat().times());
    this.search = matrix.search().map(rule -> new SearchPlan(this, rule));
  }

  /** Whether two variants may reach one service, whose cache then must not help the second. */
  private boolean shareTarget() {
    if (variants.isEmpty() || keys.contains("url")) {
      return !variants.isEmpty();
    }
    long services = bases.stream().map(base -> Target.of(base.url()).address()).distinct().count();
    return services < variants.size();
  }

  /** The first index after those of all runs; indexes of excluded runs count. */
  public int indexEnd() {
    return cells * bases.size() * repeat().times();
  }

  /** Number of runs: all but the excluded ones, or the most that a search can take. */
  public int runs() {
    int all = (cells - excluded.count()) * bases.size() * repeat().times();
    return search.map(plan -> plan.most(all)).orElse(all);
  }

  /** Which of the runs are made, one after the other; empty when all are. */
  public Optional<SearchPlan> search() {
    return search;
  }

  /** Whether no run has this index, because the config excludes it. */
  public boolean isExcluded(int index) {
    return excluded.contains(at(index).cell());
  }

  /** The indexes of all runs, in the order of execution; of a search, of all that it can make. */
  public IntStream indexes() {
    return excluded.count() == 0
        ? IntStream.range(0, indexEnd())
        : IntStream.range(0, indexEnd()).filter(index -> !isExcluded(index));
  }

  /** Whether there are several runs of a point: repeats, or variants. */
  public boolean isCompared() {
    return config.matrix().isCompared();
  }

  /** The keys that vary, in the order of the config; empty for a single point. */
  public List<String> keys() {
    return keys;
  }

  private Optional<String> variant(Position position) {
    return variants.isEmpty() ? Optional.empty() : Optional.of(variants.get(position.variant()));
  }

  /** A number that run {@code index} shares with its repeats, and with no other run. */
  public int group(int index) {
    Position position = at(index);
    return position.variant() * cells + position.cell();
  }

  /** The place of run {@code index}. */
  public Place place(int index) {
    Position position = at(index);
    return new Place(variant(position).orElse(""), point(position, ""), position.repeat() + 1);
  }

  /** The number of run {@code index} in the order of execution, from 1. */
  public int number(int index) {
    Position position = at(index);
    int inVariant = position.cell() - excluded.before(position.cell());
    int ofVariant = cells - excluded.count();
    int place = position.variant() * ofVariant + inVariant;
    int ofRound = bases.size() * ofVariant;
    if (repeat().order() == Repeat.Order.BLOCKS) {
      return place * repeat().times() + position.repeat() + 1;
    }
    int inRound = position.repeat() % 2 == 0 ? place : ofRound - 1 - place;
    return position.repeat() * ofRound + inRound + 1;
  }

  private String point(Position position, String variant) {
    return keys.isEmpty()
        ? ""
        : folderNames.of(config.matrix().cell(position.cell()), position.cell(), variant);
  }

  /**
   * The values of run {@code index} that vary, in the order of {@link #keys}; empty for a single
   * point.
   *
   * @throws IndexOutOfBoundsException if there is no such run
   */
  public Map<String, Object> values(int index) {
    return config.matrix().cell(at(index).cell());
  }

  /**
   * The parameters of run {@code index}.
   *
   * @throws IndexOutOfBoundsException if there is no such run
   */
  public Parameters parameters(int index) {
    return parameters.of(index);
  }

  private Parameters parameters(Position position) {
    Parameters merged = bases.get(position.variant()).with(config.matrix().cell(position.cell()));
    Map<String, Long> each = config.matrix().perConcurrency();
    if (each.isEmpty()) {
      return merged;
    }
    Map<String, Object> counts = new LinkedHashMap<>();
    each.forEach((key, number) -> counts.put(key, number * merged.concurrency()));
    return merged.with(counts);
  }

  /** The parameters of the run that is executed first. */
  public Parameters first() {
    return parameters(indexes().findFirst().orElseThrow());
  }

  /**
   * The parameters that attempt {@code attempt} (from 1) of run {@code index} sends.
   *
   * @throws IndexOutOfBoundsException if there is no such run
   */
  public Parameters sent(int index, int attempt) {
    Parameters unvaried = parameters(index);
    if (!config.variesPrompts()) {
      return unvaried;
    }
    Position position = at(index);
    return PromptVariation.of(
        unvaried,
        () -> parameters(new Position(0, 0, position.cell())),
        promptIdentity(position, attempt));
  }

  /**
   * What tells the prompts of an attempt from others: variants on machines of their own are asked
   * the same, so that only the machines differ.
   */
  private String promptIdentity(Position position, int attempt) {
    int variant = variantsShareTarget ? position.variant() : 0;
    boolean isFirst = variant == 0 && position.repeat() == 0;
    return (isFirst ? "" : variant + "\n" + position.repeat() + "\n") + attempt;
  }

  /**
   * The {@code url} of run {@code index}, computed without merging the other parameters.
   *
   * @throws IndexOutOfBoundsException if there is no such run
   */
  public String url(int index) {
    return (String) value(index, "url").orElseThrow();
  }

  /** The length of the measured phase of run {@code index}, computed in the same way. */
  Optional<Duration> benchmarkDuration(int index) {
    return value(index, ConfigKeys.DURATION).map(seconds -> Duration.ofSeconds((Long) seconds));
  }

  private Optional<Object> value(int index, String key) {
    Position position = at(index);
    return keys.contains(key)
        ? Optional.of(config.matrix().cell(position.cell()).get(key))
        : bases.get(position.variant()).find(key);
  }

  /**
   * Folder name of run {@code index} in the batch folder, unique in the batch; empty for a single
   * run.
   *
   * @throws IndexOutOfBoundsException if there is no such run
   */
  public String folder(int index) {
    return folders.of(index);
  }

  private String folder(Position position) {
    String variant = variant(position).orElse("");
    return FolderNames.join(
        variant, point(position, variant), position.repeat() + 1, repeat().times());
  }

  /** The place of an index in the plan, each part from 0. */
  private record Position(int repeat, int variant, int cell) {}

  /** Every second round runs backwards, so that drift of a service cancels out. */
  private Position at(int index) {
    Objects.checkIndex(index, indexEnd());
    int inRound = bases.size() * cells;
    boolean isBlocks = repeat().order() == Repeat.Order.BLOCKS;
    int round = isBlocks ? index % repeat().times() : index / inRound;
    int place = isBlocks ? index / repeat().times() : index % inRound;
    int forwards = isBlocks || round % 2 == 0 ? place : inRound - 1 - place;
    return new Position(round, forwards / cells, forwards % cells);
  }

  private Repeat repeat() {
    return config.matrix().repeat();
  }
}
