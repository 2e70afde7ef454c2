package dev.caravan.observe.report;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Batches of one name, of two points each, in the order in which they ran. */
final class Nights {

  /** The bound that a TTFT of more than 70 ms misses. */
  static final String SLO = "slo: {request_latency_ms_p99: 700}\n";

  final SampleTree tree;
  private final Path cache;
  private final List<Path> folders = new ArrayList<>();

  Nights(Path folder) throws IOException {
    tree = new SampleTree(folder);
    cache = folder.resolve("cache/list.json");
  }

  /** So many nights with nearly the same numbers. */
  void usual(int count, String sections) throws IOException {
    for (int each = 0; each < count; each++) {
      night(sections, 1000 + each, 60);
    }
  }

  /** A batch of which the second point has this throughput and TTFT. */
  Batch night(String sections, double throughput, double ttft) throws IOException {
    Batch batch = accepted(sections);
    tree.succeeded(batch.run(0), throughput / 2, ttft / 2);
    tree.succeeded(batch.run(1), throughput, ttft);
    return finish(batch);
  }

  /** A batch of which nothing has run. */
  Batch accepted(String sections) {
    return tree.batch(
        "batch_name: nightly\n" + FixedRules.BASE + sections + "sweeps: {concurrency: [4, 8]}\n");
  }

  /** The last step of a batch that a test wrote run by run. */
  Batch finish(Batch batch) throws IOException {
    tree.summarise(batch, true);
    folders.add(batch.folder());
    return batch;
  }

  NameTrend trend() {
    List<Path> newestFirst = new ArrayList<>(folders);
    Collections.reverse(newestFirst);
    return NameTrend.of("nightly", new BatchIndex(cache, new BatchReader()).entries(newestFirst));
  }
}
