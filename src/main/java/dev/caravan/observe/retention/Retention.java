package dev.caravan.observe.retention;

import dev.caravan.config.settings.ResultsKeep;
import dev.caravan.config.settings.Settings;
import dev.caravan.observe.compare.UsedBatches;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.storage.BatchFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
    List<Surplus> surplus = new ArrayList<>();
    for (List<Path> namesakes : byName().values()) {
      surplus.addAll(surplus(rule, namesakes));
    }
    return surplus;
  }

  /**
   * The surplus batches of one name.
   *
   * @throws IOException when there is no batch of this name, or it is not known what has to stay
   */
  public List<Surplus> surplus(ResultsKeep rule, String name) throws IOException {
    List<Path> namesakes = byName().getOrDefault(name, List.of());
    if (namesakes.isEmpty()) {
      throw new IOException("there is no batch of the name \"" + name + "\"");
    }
    return surplus(rule, namesakes);
  }

  /** Newest first. */
  private Map<String, List<Path>> byName() throws IOException {
    Map<String, List<Path>> byName = new LinkedHashMap<>();
    for (Path folder : finder.all()) {
      byName.computeIfAbsent(Surplus.nameOf(folder), name -> new ArrayList<>()).add(folder);
    }
    return byName;
  }

  private List<Surplus> surplus(ResultsKeep rule, List<Path> namesakes) throws IOException {
    List<Path> kept = new ArrayList<>();
    List<Path> others = new ArrayList<>();
    for (int newer = 0; newer < namesakes.size(); newer++) {
      Path folder = namesakes.get(newer);
      (rule.keeps(newer, age(folder)) ? kept : others).add(folder);
    }
    if (others.isEmpty()) {
      return List.of();
    }
    Set<Path> compared = used.by(kept, namesakes);
    Protection.Reasons reasons = protection.reasons();
    return others.stream()
        .map(
            folder ->
                new Surplus(
                    folder,
                    reasons
                        .of(folder)
                        .or(
                            () ->
                                compared.contains(folder)
                                    ? Optional.of("newer batches are compared with it")
                                    : Optional.empty())))
        .toList();
  }

  /** How long ago a batch ended; zero if it has not. */
  private Duration age(Path folder) {
    return BatchSummary.read(folder.resolve(BatchFolder.SUMMARY))
        .flatMap(BatchSummary::finishedAt)
        .map(ended -> Duration.between(ended.toInstant(), clock.instant()))
        .orElse(Duration.ZERO);
  }
}
