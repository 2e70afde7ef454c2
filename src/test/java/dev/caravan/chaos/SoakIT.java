package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A soak test: the daemon's heap, threads and open files must not grow with its work. */
class SoakIT {

  private static final int PARTS = 10;
  private static final int BATCHES_PER_PART = 4;
  private static final Pattern TOTAL = Pattern.compile("Total +\\d+ +(\\d+)");

  private final Experiment experiment = new Experiment("soak");

  /** Resources held by the daemon, and the time per run since the last measurement. */
  private record Measurement(
      int runs, long heapBytes, long threads, long files, double millisPerRun) {

    /** Pools start threads when they first need them; one lost a batch would be 32 more. */
    boolean isLike(Measurement early) {
      return threads <= early.threads + 8
          && files <= early.files + 3
          && heapBytes < early.heapBytes + 5_000_000;
    }

    Measurement again(Program daemon) {
      return measure(daemon, runs, millisPerRun);
    }

    @Override
    public String toString() {
      return "%d runs: heap %.1f MB, %d threads, %d files, %.1f ms per run"
          .formatted(runs, heapBytes / 1e6, threads, files, millisPerRun);
    }
  }

  @Test
  void doesNotGrowWithItsWork(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
    // given
    int runs = experiment.size(240, 20_000);
    int runsPerBatch = runs / PARTS / BATCHES_PER_PART;
    List<Measurement> measurements = new ArrayList<>();
    try (Testbed testbed = new Testbed(folder, BATCHES_PER_PART)) {
      testbed.caravan().with("CARAVAN_WORKERS", "2");
      Program daemon = testbed.startDaemon().awaitLine("Watching");

      // when
      for (int part = 0; part < PARTS; part++) {
        long before = System.nanoTime();
        for (int target = 0; target < BATCHES_PER_PART; target++) {
          testbed.submit(runsPerBatch, "fake-ok", target);
        }
        testbed.awaitSettled(daemon, Duration.ofMinutes(20));
        double millis = (System.nanoTime() - before) / 1e6;
        if (isMeasured(part)) {
          measurements.add(
              measure(daemon, testbed.ledger().runs(), millis / (runsPerBatch * BATCHES_PER_PART)));
        }
      }

      // then
      Measurement early = measurements.get(experiment.isShort() ? 0 : 1);
      Measurement late = settled(measurements.get(measurements.size() - 1), early, daemon);
      Ledger.Findings found = testbed.ledger().check(testbed.home());
      List<String> heaps =
          measurements.stream()
              .map(measurement -> "%.1f".formatted(measurement.heapBytes() / 1e6))
              .toList();
      experiment.report(
          "%s; after %s; after %s; MB of heap each time: %s"
              .formatted(found.summary(), early, late, heaps));
      assertThat(found.lost()).isEmpty();
      assertThat(found.outcomes()).containsOnlyKeys("succeeded");
      assertThat(late.isLike(early)).as("%s and %s", early, late).isTrue();
    }
  }

  /** What a busy daemon holds only for now is gone after a while, unlike what it has lost. */
  private static Measurement settled(Measurement late, Measurement early, Program daemon) {
    AtomicReference<Measurement> last = new AtomicReference<>(late);
    try {
      Awaitility.await()
          .pollInterval(Duration.ofSeconds(2))
          .until(() -> last.get().isLike(early) || last.updateAndGet(m -> m.again(daemon)) == null);
    } catch (ConditionTimeoutException e) {
      return last.get();
    }
    return last.get();
  }

  /** The short form measures no more than it compares. */
  private boolean isMeasured(int part) {
    return part == 1 || part == PARTS - 1 || !experiment.isShort();
  }

  private static Measurement measure(Program daemon, int runs, double millisPerRun) {
    return new Measurement(runs, liveHeap(daemon), threads(daemon), files(daemon), millisPerRun);
  }

  /** Bytes of live objects after a full collection, by the class histogram. */
  private static long liveHeap(Program daemon) {
    String histogram = jcmd(daemon, "GC.class_histogram");
    Matcher total = TOTAL.matcher(histogram);
    assertThat(total.find()).as(histogram).isTrue();
    return Long.parseLong(total.group(1));
  }

  private static String jcmd(Program daemon, String command) {
    try {
      String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      Process process =
          new ProcessBuilder(jcmd, String.valueOf(daemon.pid()), command)
              .redirectErrorStream(true)
              .start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long threads(Program daemon) {
    return entries(daemon, "task");
  }

  private static long files(Program daemon) {
    return entries(daemon, "fd");
  }

  private static long entries(Program daemon, String folder) {
    try (Stream<Path> all = Files.list(Path.of("/proc", daemon.pid() + "", folder))) {
      return all.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
