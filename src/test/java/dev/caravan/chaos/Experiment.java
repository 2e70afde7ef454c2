package dev.caravan.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Random;
import org.awaitility.Awaitility;

/**
 * Size, random seed and report of a chaos experiment. System properties: {@code
 * caravan.chaos.scale} (1 for the sizes that docs/evidence/reliability.md reports; absent for the
 * short form that every build runs) and {@code caravan.chaos.seed} (replays a run; random when
 * absent).
 */
final class Experiment {

  private static final String SCALE = System.getProperty("caravan.chaos.scale", "");
  private static final Path REPORT =
      Path.of(System.getProperty("caravan.test.basedir", "."), "target", "chaos.txt");

  private final String experiment;
  private final long seed;
  private final Random random;
  private final long startedNanos = System.nanoTime();

  Experiment(String experiment) {
    this.experiment = experiment;
    String given = System.getProperty("caravan.chaos.seed", "");
    this.seed = given.isEmpty() ? new Random().nextInt(1_000_000) : Long.parseLong(given);
    this.random = new Random(seed);
    System.out.println(this + ": started; replay with -Dcaravan.chaos.seed=" + seed);
  }

  /**
   * The size in the short form, else {@code atScale1} times the scale, but no less than the smaller
   * of the two: what an experiment expects holds from there on, and its time limits grow with it.
   */
  int size(int inShortForm, int atScale1) {
    return SCALE.isEmpty() ? inShortForm : scaled(inShortForm, atScale1, Double.parseDouble(SCALE));
  }

  private static int scaled(int inShortForm, int atScale1, double scale) {
    return (int) Math.max(Math.min(inShortForm, atScale1), Math.round(atScale1 * scale));
  }

  /** Whether this is the short form, which every build runs. */
  boolean isShort() {
    return SCALE.isEmpty();
  }

  Random random() {
    return random;
  }

  long seed() {
    return seed;
  }

  /** A random number from {@code min} to {@code max}, both inclusive. */
  int between(int min, int max) {
    return min + random.nextInt(max - min + 1);
  }

  /** Waits this long. */
  static void sleep(Duration time) {
    Awaitility.await()
        .pollDelay(time)
        .pollInterval(Duration.ofMillis(1))
        .atMost(time.plusSeconds(60))
        .until(() -> true);
  }

  /** Prints the results and appends them to {@code target/chaos.txt}. */
  void report(String message) {
    long seconds = Duration.ofNanos(System.nanoTime() - startedNanos).toSeconds();
    String line =
        "%s %s: %s; %d s, %d cores%n"
            .formatted(
                LocalDate.now(),
                this,
                message,
                seconds,
                Runtime.getRuntime().availableProcessors());
    System.out.print(line);
    try {
      Files.createDirectories(REPORT.getParent());
      Files.writeString(REPORT, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    String scale = SCALE.isEmpty() ? "short form" : "scale " + SCALE;
    return "chaos " + experiment + " (" + scale + ", seed " + seed + ")";
  }
}
