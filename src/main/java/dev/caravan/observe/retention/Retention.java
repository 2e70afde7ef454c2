package dev.caravan.observe.retention;

import dev.caravan.config.settings.ResultsKeep;
import dev.caravan.config.settings.Settings;
import dev.caravan.observe.compare.UsedBatches;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.storage.BatchFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides which batches of a home are surplus by a rule, and which of those have to stay: open
 * ones, baselines, what others are compared with, and those with withheld files.
 */
public final class Retention {

  private final BatchFinder finder;
  private final UsedBatches used;
  private final Protection protection;
  private final InstantSource clock;

  /** The retention of a home. */
  public Retention(Settings settings, BatchFinder finder, Protection protection) {
    this(finder, UsedBatches.of(settings), protection, InstantSource.system());
  }

  Retention(BatchFinder finder, UsedBatches used, Protection protection, InstantSource clock) {
    this.finder = finder;
    this.used = used;
    this.protection = protection;
    this.clock = clock;
  }

  /** The surplus batches of all names. */
  public List<Surplus> surplus(ResultsKeep rule) throws IOException {
    Map<String, List<Path>> byName = byName();
    return surplus(rule, byName, byName.keySet());
  }

  /**
   * The surplus batches of one name.
   *
   * @throws IOException when there is no batch of this name, or it is not known what has to stay
   */
  public List<Surplus> surplus(ResultsKeep rule, String name) throws IOException {
    Map<String, List<Path>> byName = byName();
    if (!byName.containsKey(name)) {
      throw new IOException("there is no batch of the name \"" + name + "\"");
    }
    return surplus(rule, byName, Set.of(name));
  }

  /** Newest first, and each once, whatever links lead to it. */
  private Map<String, List<Path>> byName() throws IOException {
    Map<String, List<Path>> byName = new LinkedHashMap<>();
    Map<Path, Path> byReal = new LinkedHashMap<>();
    for (Path folder : finder.all()) {
      byReal.merge(RealPath.of(folder), folder, (a, b) -> RealPath.isLinked(a) ? b : a);
    }
    for (Path folder : byReal.values()) {
      byName.computeIfAbsent(Surplus.nameOf(folder), name -> new ArrayList<>()).add(folder);
    }
    return byName;
  }

  /** All batches of other names stay, so that what they name stays too. */
  private List<Surplus> surplus(ResultsKeep rule, Map<String, List<Path>> byName, Set<String> names)
      throws IOException {
    List<Path> staying = new ArrayList<>();
    List<Path> others = new ArrayList<>();
    Set<Path> compared = new HashSet<>();
    for (Map.Entry<String, List<Path>> each : byName.entrySet()) {
      List<Path> namesakes = each.getValue();
      Set<Path> kept =
          names.contains(each.getKey()) ? kept(rule, namesakes) : Set.copyOf(namesakes);
      if (kept.size() < namesakes.size()) {
        compared.addAll(used.by(kept, namesakes));
      }
      namesakes.forEach(folder -> (kept.contains(folder) ? staying : others).add(folder));
    }
    if (others.isEmpty()) {
      return List.of();
    }
    Protection.Reasons reasons = protection.reasons();
    others.stream().filter(folder -> reasons.of(folder).isPresent()).forEach(staying::add);
    staying.addAll(compared);
    compared.addAll(used.named(staying));
    Set<Path> bases = compared.stream().map(RealPath::of).collect(Collectors.toSet());
    return others.stream()
        .map(each -> new Surplus(each, reasons.of(each).or(() -> compared(each, bases))))
        .filter(each -> Files.exists(each.folder())) // not what is pruned by another meanwhile
        .toList();
  }

  private Set<Path> kept(ResultsKeep rule, List<Path> namesakes) {
    Set<Path> kept = new LinkedHashSet<>();
    for (int newer = 0; newer < namesakes.size(); newer++) {
      Path folder = namesakes.get(newer);
      if (rule.keeps(newer, age(folder))) {
        kept.add(folder);
      }
    }
    return kept;
  }

  private static Optional<String> compared(Path folder, Set<Path> bases) {
    return bases.contains(RealPath.of(folder))
        ? Optional.of("newer batches are compared with it, or the next one will be")
        : Optional.empty();
  }

  /** How long ago a batch ended; zero if it has not. */
  private Duration age(Path folder) {
    return BatchSummary.read(folder.resolve(BatchFolder.SUMMARY))
        .flatMap(BatchSummary::finishedAt)
        .map(ended -> Duration.between(ended.toInstant(), clock.instant()))
        .orElse(Duration.ZERO);
  }
}
