package dev.caravan.pipeline.outcome;

import dev.caravan.pipeline.environment.Plausible;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long aiperf's own processes were held up in the measured phase, from the warnings of its
 * event loops (common/event_loop_monitor.py of AIPerf 0.13). Only those count that send requests or
 * read replies.
 */
final class HoldUps {

  private static final int MAX_LINE = 8_192;
  private static final int MOST = 100_000;

  private static final String STARTED = " (profiling) started";
  private static final String COMPLETE = " (profiling) complete";
  private static final Pattern WARNING =
      Pattern.compile(
          "Event loop for (?:worker_|timing_manager)\\S{0,80} ?is taking too long to run\\."
              + " Overhead: (\\d[\\d,]{0,14}(?:\\.\\d{1,6})?)ms");

  private final List<Double> millis = new ArrayList<>();
  private boolean started;
  private boolean measuring;

  private HoldUps() {}

  /** The times in ms; empty when this output tells of no measured phase. */
  static Optional<List<Double>> in(Path output) {
    HoldUps found = new HoldUps();
    BoundedLines.read(
        output,
        ReadLimits.OF_AN_ATTEMPT,
        MAX_LINE,
        line -> found.read(new String(line, StandardCharsets.UTF_8)));
    return found.started ? Optional.of(found.millis) : Optional.empty();
  }

  private void read(String line) {
    if (line.contains(STARTED)) {
      started = true;
      measuring = true;
    } else if (line.contains(COMPLETE)) {
      measuring = false;
    } else if (measuring && millis.size() < MOST && line.contains("is taking too long")) {
      Matcher warning = WARNING.matcher(line);
      if (warning.find()) {
        add(Double.parseDouble(warning.group(1).replace(",", "")));
      }
    }
  }

  private void add(double number) {
    if (Plausible.isFigure(number)) {
      millis.add(number);
    }
  }
}
