package dev.caravan.observe.compare;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.outcome.SearchSummary;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/** Writes batches of repeats with seeded noise of 1 % into a home. */
final class NightlyTree {

  private final SampleTree tree;
  private final Random random = new Random(15);

  NightlyTree(Path folder) throws IOException {
    this.tree = new SampleTree(folder);
  }

  Comparisons comparisons(CompareRules rules) {
    return new Comparisons(finder(), baselines(), tree.home().home.root(), rules);
  }

  Home home() {
    return tree.home().home;
  }

  BatchFinder finder() {
    return new BatchFinder(tree.home().home, List.of(), tree.home().open);
  }

  Baselines baselines() {
    return new Baselines(tree.home().home, new DurableFiles());
  }

  /** A batch of five repeats of two points, so many times as fast as usual. */
  Batch night(double faster) throws Exception {
    return batch("batch_name: nightly\nrepeat: 5\nsweeps: {concurrency: [4, 8]}\n", faster);
  }

  Batch batch(String config, double faster) throws Exception {
    return batch(config, run -> faster);
  }

  /** A batch that has not finished. */
  Batch open(String config) throws Exception {
    Batch batch = tree.home().accept(config + FixedRules.BASE);
    tree.summarise(batch, false);
    return batch;
  }

  /** A batch whose runs are so many times as fast as usual. */
  Batch batch(String config, ToDoubleFunction<Run> faster) throws Exception {
    Batch batch = tree.home().accept(config + FixedRules.BASE);
    batch
        .indexes()
        .mapToObj(batch::run)
        .forEach(
            run -> {
              double speed = faster.applyAsDouble(run) * Math.exp(0.01 * random.nextGaussian());
              tree.succeeded(run, 1_000 * speed, 200 / speed);
            });
    tree.summarise(batch, true);
    return batch;
  }

  /**
   * A search that has run these loads, each so many times as fast as usual, and found the first.
   */
  Batch search(String config, double faster, List<Integer> loads) throws Exception {
    Batch batch = tree.home().accept(config + FixedRules.BASE);
    batch
        .indexes()
        .mapToObj(batch::run)
        .filter(
            run ->
                run.place().repeat() == 1 && loads.contains((int) run.parameters().concurrency()))
        .forEach(run -> tree.succeeded(run, 1_000 * faster, 200 / faster));
    tree.summarise(batch, true, search(loads.get(0)));
    return batch;
  }

  private static SearchSummary search(int keeps) {
    String brief = "concurrency " + keeps;
    return new SearchSummary("concurrency", 0.05, 30, 0, brief, "", Optional.empty(), List.of());
  }

  /** A batch whose runs all failed. */
  Batch failed(String config) throws Exception {
    Batch batch = tree.home().accept(config + FixedRules.BASE);
    batch
        .indexes()
        .mapToObj(batch::run)
        .forEach(run -> tree.ended(run, Outcome.FAILED, "crashed", "it broke"));
    tree.summarise(batch, true);
    return batch;
  }

  /** Says what the batch was judged when it ended. */
  static void judged(Batch batch, String verdict) throws IOException {
    Files.write(
        batch.folder().resolve("comparison.json"),
        Json.file(Map.of("verdict", verdict, "sentence", verdict + " it")));
  }
}
