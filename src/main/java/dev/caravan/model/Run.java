package dev.caravan.model;

import dev.caravan.config.Parameters;
import dev.caravan.config.RunMatrix;
import dev.caravan.config.Variant;
import dev.caravan.model.plan.Place;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A run: one point of a batch's sweeps.
 *
 * @param batch the batch
 * @param index index in the batch, from 0
 */
public record Run(Batch batch, int index) {

  /** Name of its folder in the batch folder; empty for a batch without sweeps. */
  public String folderName() {
    return batch.sweep().folder(index);
  }

  /** Its results folder; without sweeps, the batch folder itself. */
  public Path folder() {
    return folderName().isEmpty() ? batch.folder() : batch.folder().resolve(folderName());
  }

  /** The batch id, followed by {@code /} and the folder name if there are sweeps. */
  public String id() {
    return folderName().isEmpty() ? batch.id() : batch.id() + "/" + folderName();
  }

  /** The key that an order for this run has. */
  public String key() {
    return RunOrder.keyOf(batch.folder().toString(), index);
  }

  /** Its sweep values, in the order of the config; empty without sweeps. */
  public Map<String, Object> sweepValues() {
    return batch.sweep().values(index);
  }

  /** Its place in the plan. */
  public Place place() {
    return batch.sweep().place(index);
  }

  /**
   * Its variant and which repeat it is, by name: {@code variant: after}, {@code repeat: 2 of 5}.
   * Empty for a batch without either.
   */
  public Map<String, String> comparison() {
    RunMatrix matrix = batch.config().matrix();
    Map<String, String> comparison = new LinkedHashMap<>();
    if (!matrix.variants().isEmpty()) {
      comparison.put("variant", place().variant());
    }
    if (matrix.repeat().isRepeated()) {
      boolean isSearch = matrix.search().isPresent();
      String all = isSearch ? "" : " of " + matrix.repeat().times();
      comparison.put("repeat", place().repeat() + all);
    }
    return comparison;
  }

  /**
   * Its number in the order of execution, from 1, and that of all runs, as {@code 3/8}; for a run
   * of a search, which has no number before it is made, the name of its folder.
   */
  public String position() {
    return batch.search().isPresent() ? folderName() : number() + "/" + batch.size();
  }

  /** Its number in the order of execution, from 1; the name of its folder in a search. */
  public String title() {
    return batch.search().isPresent() ? folderName() : String.valueOf(number());
  }

  private int number() {
    return batch.sweep().number(index);
  }

  /** The batch's labels, and those of its variant. */
  public Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>(batch.config().labels());
    variant().ifPresent(variant -> labels.putAll(variant.labels()));
    return labels;
  }

  /** The parameters that it shares with the other runs of its variant. */
  public Parameters base() {
    return variant().map(Variant::base).orElse(batch.config().base());
  }

  private Optional<Variant> variant() {
    return Optional.ofNullable(batch.config().matrix().variants().get(place().variant()));
  }

  /** Its file of prompts, as it was when the batch was accepted; empty if it has none. */
  public Optional<BatchRecord.InputFile> inputFile() {
    return parameters().inputFile().flatMap(batch.record()::inputFile);
  }

  /** The base parameters overlaid with its sweep values. */
  public Parameters parameters() {
    return batch.sweep().parameters(index);
  }

  /** The parameters that an attempt, from 1, sends. */
  public Parameters sent(int attempt) {
    return batch.sweep().sent(index, attempt);
  }
}
