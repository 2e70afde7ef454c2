package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.run.RunProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Shows the progress of a batch in a few terminal lines. */
public final class ProgressLines {

  private static final int MAX_BAR = 24;
  private static final int NARROW_WIDTH = 60;
  private static final int MAX_TEXT = 60;

  private ProgressLines() {}

  /**
   * The lines, none longer than {@code width} characters.
   *
   * @param waiting why no run starts now; empty if nothing is known to hold it back
   */
  public static List<String> of(
      String id, BatchProgress.Reading reading, Optional<String> waiting, int width) {
    List<String> lines = new ArrayList<>();
    int ended = reading.completed() + reading.failed();
    String of = reading.isMost() ? " of at most " : "/";
    String counts = ended + of + reading.total() + " runs" + failed(reading.failed());
    lines.add(
        bar((double) ended / reading.total(), width) + counts + " · " + OneLine.line(id, MAX_TEXT));
    reading.run().ifPresent(run -> lines.addAll(run(run, width)));
    if (reading.run().isEmpty() && reading.goesOn()) {
      lines.add("  waiting" + waiting.map(why -> ": " + why).orElse(" for the next run"));
    }
    lines.add(
        "  "
            + clock(reading.elapsed())
            + " elapsed"
            + (reading.goesOn() ? left(reading.remaining()) : ""));
    return lines.stream().map(line -> OneLine.cut(line, width)).toList();
  }

  private static List<String> run(BatchProgress.RunReading run, int width) {
    Map<String, Object> shown = new LinkedHashMap<>(run.run().sweepValues());
    shown.putAll(run.run().comparison());
    String values =
        shown.entrySet().stream()
            .map(
                value ->
                    value.getKey() + " " + OneLine.line(String.valueOf(value.getValue()), MAX_TEXT))
            .collect(Collectors.joining(", "));
    String name = "  run " + run.run().title() + (values.isEmpty() ? "" : ": " + values);
    String time = bar(share(run), width) + clock(run.elapsed()) + left(run.remaining());
    return width < NARROW_WIDTH
        ? List.of(name, "  " + phase(run), "  " + time)
        : List.of(name + " · " + phase(run), "  " + time);
  }

  /** The elapsed share of the expected time; 0 when that is unknown. */
  private static double share(BatchProgress.RunReading run) {
    double elapsed = run.elapsed().toMillis();
    return run.remaining()
        .map(left -> elapsed / Math.max(1, elapsed + left.toMillis()))
        .orElse(0.0);
  }

  private static String left(Optional<Duration> remaining) {
    return remaining.map(time -> ", about " + clock(time) + " left").orElse("");
  }

  private static String phase(BatchProgress.RunReading run) {
    RunProgress.Reading progress = run.progress();
    boolean warmup = progress.phase().equals("warm-up");
    long done = warmup ? progress.warmup() : progress.measured();
    String of = progress.target() > 0 ? " of " + OneLine.count(progress.target()) : "";
    return progress.phase()
        + (done > 0 || warmup ? " · " + OneLine.count(done) + of + " requests" : "")
        + (progress.errors() > 0 ? " · " + OneLine.count(progress.errors()) + " errors" : "");
  }

  private static String failed(int count) {
    return count == 0 ? "" : " · " + count + " failed";
  }

  private static String bar(double share, int width) {
    int length = Math.min(MAX_BAR, width / 4);
    int full = (int) Math.round(length * Math.max(0, Math.min(1, share)));
    return "[" + "=".repeat(full) + "-".repeat(length - full) + "] ";
  }

  private static String clock(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
