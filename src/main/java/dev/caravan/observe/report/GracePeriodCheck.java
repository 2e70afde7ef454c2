package dev.caravan.observe.report;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.Limits;
import dev.caravan.model.plan.Sweep;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Compares a config's grace period with the latencies of the last batch of the same name: aiperf
 * cuts off requests that take longer, and they are missing in every metric.
 */
public final class GracePeriodCheck {

  private static final int MAX_BATCHES = 3;
  private static final int MAX_RUNS = 1_000;

  private final BatchReader reader;

  /** A check that reads earlier batches with this reader. */
  public GracePeriodCheck(BatchReader reader) {
    this.reader = reader;
  }

  private record Slowest(BatchData batch, Point point, double millis) {}

  /**
   * A warning when requests of an earlier batch took longer than the shortest grace period.
   *
   * @param parent the folder of the batches with the config's name
   */
  public Optional<String> warning(BenchmarkConfig config, Path parent) {
    double grace = shortest(config);
    return slowest(parent)
        .filter(slowest -> slowest.millis() > grace * 1000)
        .map(slowest -> message(slowest, grace));
  }

  private static double shortest(BenchmarkConfig config) {
    Sweep sweep = new Sweep(config);
    return sweep
        .indexes()
        .limit(MAX_RUNS)
        .mapToDouble(index -> Limits.graceSeconds(sweep.parameters(index)))
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }

  /** The slowest completed run of the newest batch that has one. */
  private Optional<Slowest> slowest(Path parent) {
    if (!Files.isDirectory(parent)) {
      return Optional.empty();
    }
    try {
      List<Path> newestFirst =
          new DurableFiles()
              .list(parent).stream()
                  .filter(ResultFolders::isBatch)
                  .sorted(Comparator.reverseOrder())
                  .limit(MAX_BATCHES)
                  .toList();
      for (Path folder : newestFirst) {
        Optional<Slowest> slowest = slowest(reader.read(folder));
        if (slowest.isPresent()) {
          return slowest;
        }
      }
    } catch (IOException e) {
      return Optional.empty(); // the plan is right without this comparison
    }
    return Optional.empty();
  }

  private static Optional<Slowest> slowest(BatchData batch) {
    return batch.points().stream()
        .filter(Point::completed)
        .map(point -> new Slowest(batch, point, latency(point)))
        .filter(each -> each.millis() > 0)
        .max(Comparator.comparingDouble(Slowest::millis));
  }

  private static double latency(Point point) {
    return point.metrics().get(ReportMetric.LATENCY_P99).orElse(0);
  }

  private static String message(Slowest slowest, double grace) {
    String run = slowest.point().folder().isEmpty() ? "" : "/" + slowest.point().folder();
    return "%s%s had a request latency p99 of %s, longer than the grace period of %s: requests still"
            .formatted(
                slowest.batch().id(),
                run,
                OneLine.duration(Duration.ofMillis((long) slowest.millis())),
                OneLine.duration(Duration.ofMillis((long) (grace * 1000))))
        + " running after it are cut off; set aiperf_options.benchmark_grace_period";
  }
}
