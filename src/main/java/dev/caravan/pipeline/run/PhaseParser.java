package dev.caravan.pipeline.run;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Determines the phase of a run from what AIPerf 0.13.0 prints (see its timing/phase/runner.py and
 * phase_orchestrator.py). The texts are not an API: when they differ, the phase is unknown.
 */
final class PhaseParser {

  private static final String STARTING = "Starting AIPerf System";
  private static final String ALL_RETURNED = "All credits completed";
  private static final String EXPORTING = "Exporting all records";

  private static final Pattern PHASE =
      Pattern.compile(
          "Phase .{1,200}? \\((warmup|profiling)\\) (started|complete)\\b"
              + "(?:.*?\\btarget: (\\d[\\d,]{0,14}) requests)?");
  private static final String WARMUP = "warmup";
  private static final String STARTED = "started";

  private Optional<RunPhase> phase = Optional.empty();
  private long targetRequests;

  /** The current phase; empty before the first line about one. */
  Optional<RunPhase> phase() {
    return phase;
  }

  /** Number of requests that this phase is to make; 0 when it is limited by time. */
  long targetRequests() {
    return targetRequests;
  }

  /** Reads the next line of standard output; whether it says that a phase began or ended. */
  boolean read(String line) {
    Matcher marker = PHASE.matcher(line);
    if (marker.find()) {
      readMarker(marker);
      return true;
    }
    if (phase.isEmpty() && line.contains(STARTING)) {
      enter(RunPhase.START_UP, 0);
    } else if (line.contains(ALL_RETURNED) || line.contains(EXPORTING)) {
      enter(RunPhase.EXPORT, 0);
    }
    return false;
  }

  private void readMarker(Matcher marker) {
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
    targetRequests = requests;
  }

  private static long number(String text) {
    return text == null ? 0 : Long.parseLong(text.replace(",", ""));
  }
}
