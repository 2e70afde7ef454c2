package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Many configs at once, and configs that are written slowly. */
class InboxLoadIT {

  private final Experiment experiment = new Experiment("inbox load");

  @Test
  void createsABatchForEachOfManyConfigsOfOneName(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
    // given
    int configs = experiment.size(60, 1000);
    try (Testbed testbed = new Testbed(folder, 1)) {
      Program daemon = testbed.startDaemon();
      daemon.awaitLine("Watching");
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < configs; i++) {
        texts.add(testbed.ledger().record("same", 1, "fake-ok", testbed.targets().url(0), ""));
      }

      // when
      long before = System.nanoTime();
      for (int i = 0; i < configs; i++) {
        testbed.caravan().drop("same-" + i + ".yaml", texts.get(i));
      }
      Duration took = Duration.ofNanos(System.nanoTime() - before);
      Awaitility.await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> Ledger.batches(testbed.home()).size() >= configs);

      // then
      if (!experiment.isShort()) {
        testbed.awaitSettled(daemon, Duration.ofMinutes(15));
      }
      Ledger.Findings found = testbed.ledger().check(testbed.home());
      experiment.report(
          "%d configs of one name in %d ms; batches %d, duplicated %d, unexpected %d"
              .formatted(
                  configs,
                  took.toMillis(),
                  Ledger.batches(testbed.home()).size(),
                  found.duplicated().size(),
                  found.unexpected().size()));
      assertThat(Ledger.batches(testbed.home())).hasSize(configs);
      assertThat(found.duplicated()).isEmpty();
      assertThat(found.unexpected()).isEmpty();
      assertThat(found.lost()).noneMatch(lost -> lost.startsWith("e"));
    }
  }

  @Test
  void acceptsNoFileThatIsStillBeingWritten(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
      throws IOException {
    // given
    int writers = experiment.size(6, 200);
    try (Testbed testbed = new Testbed(folder, 4)) {
      testbed.caravan().with("CARAVAN_INBOX_SETTLE", "5s").with("CARAVAN_WORKERS", "4");
      Program daemon = testbed.startDaemon();
      daemon.awaitLine("Watching");
      ScheduledExecutorService pool = Executors.newScheduledThreadPool(4);
      try {

        // when
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
          String text =
              testbed.ledger().record("slow" + i, 12, "fake-ok", testbed.targets().url(i), "");
          Path file = testbed.home().resolve("inbox/slow" + i + ".yaml");
          files.add(file);
          writeSlowly(pool, file, linesOf(text));
        }
        testbed.awaitSettled(daemon, Duration.ofMinutes(experiment.size(5, 8)));
      } finally {
        pool.shutdownNow();
      }

      // then
      Ledger.Findings found = testbed.ledger().check(testbed.home());
      experiment.report(
          "%d slow writers; %s; refused %d"
              .formatted(writers, found.summary(), testbed.caravan().list("inbox/.failed").size()));
      assertThat(testbed.caravan().list("inbox/.failed")).isEmpty();
      assertThat(found.lost()).isEmpty();
      assertThat(found.unexpected()).isEmpty();
      assertThat(found.outcomes()).containsOnlyKeys("succeeded");
    }
  }

  /** One sweep value per line, so that the file is a valid config after each of them. */
  private static Deque<String> linesOf(String config) {
    int list = config.lastIndexOf("[");
    Deque<String> lines = new ArrayDeque<>();
    lines.add(config.substring(0, list).stripTrailing() + "\n");
    for (String value : config.substring(list + 1, config.lastIndexOf("]")).split(", ")) {
      lines.add("  - " + value + "\n");
    }
    return lines;
  }

  /**
   * Appends one line at a time, for longer than the settle time, with pauses so much shorter that a
   * busy machine does not make them as long.
   */
  private void writeSlowly(ScheduledExecutorService pool, Path file, Deque<String> lines) {
    try {
      Files.writeString(file, lines.poll(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!lines.isEmpty()) {
      pool.schedule(() -> writeSlowly(pool, file, lines), pause(), TimeUnit.MILLISECONDS);
    }
  }

  private synchronized int pause() {
    return experiment.between(300, 800);
  }
}
