package dev.caravan.observe.retention;

import dev.caravan.config.FixedRules;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.observe.compare.UsedBatches;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.testing.Golden;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Writes finished batches with some of the files that aiperf makes into a home. */
final class OldBatches {

  static final String SWEEP = "sweeps: {concurrency: [4, 8]}\n";
  static final String NIGHTLY = "batch_name: nightly\n" + SWEEP;

  /** When all batches here ended. */
  private static final Instant ENDED =
      OffsetDateTime.parse(Golden.DAY + "T13:00:00+01:00").toInstant();

  final SampleTree tree;

  OldBatches(Path folder) throws IOException {
    this.tree = new SampleTree(folder);
  }

  Home home() {
    return tree.home().home;
  }

  Settings settings() {
    return Settings.of(home().root(), Map.of(), new Properties());
  }

  BatchFinder finder() {
    return BatchFinder.of(settings());
  }

  Protection protection(DurableFiles files) {
    return Protection.of(home(), files, Optional.empty());
  }

  Pruner pruner() {
    return pruner(new DurableFiles());
  }

  Pruner pruner(DurableFiles files) {
    return new Pruner(protection(files), files);
  }

  /** The retention as it is so long after the batches ended. */
  Retention retention(Duration later) {
    return new Retention(
        finder(),
        UsedBatches.of(settings()),
        protection(new DurableFiles()),
        InstantSource.fixed(ENDED.plus(later)));
  }

  Retention retention() {
    return retention(Duration.ofDays(1));
  }

  /** A batch that has ended and that is on the list of open ones no more. */
  Batch ended(String config) throws IOException {
    Batch batch = tree.batch(config + FixedRules.BASE);
    for (int index : batch.indexes().toArray()) {
      run(batch.run(index));
    }
    tree.summarise(batch, true);
    for (Path claimed : tree.home().files.list(home().claimed())) {
      Files.delete(claimed);
    }
    tree.home().open.remove(batch.record().claimId());
    return batch;
  }

  private void run(Run run) {
    tree.succeeded(run, 1_000, 200);
    Path folder = run.folder();
    SampleTree.write(folder.resolve("inputs.json"), "prompt ".repeat(5_000));
    SampleTree.write(folder.resolve("logs/aiperf.log"), "line\n".repeat(1_000));
    SampleTree.write(folder.resolve("attempts/1/process_result.json"), "{}");
    SampleTree.write(folder.resolve("attempts/1/superseded_requests.jsonl"), "{}\n".repeat(1_000));
  }

  /** Says what a batch was judged when it ended. */
  static void judged(Batch batch, String verdict) throws IOException {
    Files.write(
        batch.folder().resolve("comparison.json"),
        Json.file(Map.of("verdict", verdict, "sentence", verdict + " it")));
  }
}
