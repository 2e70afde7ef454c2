package dev.caravan.pipeline.run;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a run is, by what aiperf 0.13.0 prints (its timing/phase/runner.py and
 * phase_orchestrator.py for the phases). The texts are no contract: an aiperf that words them
 * otherwise is in no phase.
 */
final class PhaseParser {

  private static final String STARTING = "Starting AIPerf System";
  private static final String ALL_ANSWERED = "All credits completed";
  private static final String EXPORTING = "Exporting all records";

  private static final Pattern PHASE =
      Pattern.compile(
          "Phase .{1,200}? \\((warmup|profiling)\\) (started|complete)\\b"
              + "(?:.*?\\btarget: ([\\d,]{1,15}) requests)?");
  private static final String WARMUP = "warmup";
  private static final String STARTED = "started";

  private Optional<RunPhase> phase = Optional.empty();
  private long target;

  /** The phase that the last telling line belongs to; empty before the first one. */
  Optional<RunPhase> phase() {
    return phase;
  }

  /** Requests that this phase is to make; 0 when it goes by time. */
  long target() {
    return target;
  }

  /** Takes the next line of standard output. */
  void take(String line) {
    Matcher marker = PHASE.matcher(line);
    if (marker.find()) {
      take(marker);
    } else if (phase.isEmpty() && line.contains(STARTING)) {
      enter(RunPhase.START_UP, 0);
    } else if (line.contains(ALL_ANSWERED) || line.contains(EXPORTING)) {
      enter(RunPhase.EXPORT, 0);
    }
  }

  private void take(Matcher marker) {
    boolean started = marker.group(2).equals(STARTED);
    if (started) {
      boolean warmup = marker.group(1).equals(WARMUP);
      enter(warmup ? RunPhase.WARM_UP : RunPhase.MEASURING, number(marker.group(3)));
    } else if (!marker.group(1).equals(WARMUP)) {
      enter(RunPhase.EXPORT, 0);
    }
  }

  private void enter(RunPhase entered, long requests) {
    phase = Optional.of(entered);
    target = requests;
  }

  private static long number(String text) {
    return text == null ? 0 : Long.parseLong(text.replace(",", ""));
  }
}
