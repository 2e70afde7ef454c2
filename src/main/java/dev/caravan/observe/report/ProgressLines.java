package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.OneLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The progress of a batch as a few lines for a terminal. */
public final class ProgressLines {

  private static final int WIDEST_BAR = 24;
  private static final int NARROW = 60;
  private static final int WORDS = 60;

  private ProgressLines() {}

  /** The lines, none longer than {@code width} characters. */
  public static List<String> of(String id, BatchProgress.Reading reading, int width) {
    List<String> lines = new ArrayList<>();
    int ended = reading.completed() + reading.failed();
    String counts = ended + "/" + reading.total() + " runs" + failed(reading.failed());
    lines.add(
        bar((double) ended / reading.total(), width) + counts + " · " + OneLine.line(id, WORDS));
    reading.run().ifPresent(run -> lines.addAll(run(run, width)));
    if (reading.run().isEmpty() && ended < reading.total()) {
      lines.add("  waiting for the next run");
    }
    lines.add(
        "  "
            + clock(reading.elapsed())
            + " since the start"
            + (ended < reading.total() ? ", about " + clock(reading.left()) + " left" : ""));
    return lines.stream().map(line -> OneLine.cut(line, width)).toList();
  }

  private static List<String> run(BatchProgress.RunReading run, int width) {
    String values =
        run.run().sweepValues().entrySet().stream()
            .map(
                value ->
                    value.getKey() + " " + OneLine.line(String.valueOf(value.getValue()), WORDS))
            .collect(Collectors.joining(", "));
    String point = "  run " + (run.run().index() + 1) + (values.isEmpty() ? "" : ": " + values);
    double whole = run.elapsed().toMillis() + (double) run.left().toMillis();
    String time =
        bar(whole == 0 ? 0 : run.elapsed().toMillis() / whole, width)
            + clock(run.elapsed())
            + ", about "
            + clock(run.left())
            + " left";
    return width < NARROW
        ? List.of(point, "  " + phase(run), "  " + time)
        : List.of(point + " · " + phase(run), "  " + time);
  }

  private static String phase(BatchProgress.RunReading run) {
    var gauge = run.gauge();
    boolean warming = gauge.phase().equals("warm-up");
    long done = warming ? gauge.warmup() : gauge.measured();
    String of = gauge.target() > 0 ? " of " + OneLine.count(gauge.target()) : "";
    return gauge.phase()
        + (done > 0 || warming ? " · " + OneLine.count(done) + of + " requests" : "")
        + (gauge.errors() > 0 ? " · " + OneLine.count(gauge.errors()) + " errors" : "");
  }

  private static String failed(int count) {
    return count == 0 ? "" : " · " + count + " failed";
  }

  private static String bar(double share, int width) {
    int length = Math.min(WIDEST_BAR, width / 4);
    int full = (int) Math.round(length * Math.max(0, Math.min(1, share)));
    return "[" + "=".repeat(full) + "-".repeat(length - full) + "] ";
  }

  private static String clock(Duration span) {
    long seconds = span.toSeconds();
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
}
