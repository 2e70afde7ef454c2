package dev.caravan.pipeline.outcome;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What AIPerf 0.13 prints at the end of the measured phase (see its timing/phase/runner.py). Only
 * this output shows requests that never ended: the summary and the request log omit them. aiperf
 * counts as cancelled those that a worker returned. It gives up on a worker that hangs for 10 s, so
 * that the requests of that worker are missing here, too.
 *
 * @param completed requests that ended, successfully or not
 * @param cancelled requests that were sent and then cut off, or never came back
 * @param graceExpired whether they were cut off because the grace period was over
 */
record MeasuredPhase(long completed, long cancelled, boolean graceExpired) {

  static final MeasuredPhase UNKNOWN = new MeasuredPhase(0, 0, false);

  private static final int MAX_LINE = 8_192;
  private static final int MAX_PHASES = 1_000;

  private static final String SENT_MARKER = " (profiling) sending complete | ";
  private static final String MARKER = " (profiling) complete | ";
  private static final Pattern SENT = Pattern.compile("sent=(\\d[\\d,]{0,14}),");
  private static final Pattern COUNTS =
      Pattern.compile("completed=(\\d[\\d,]{0,14}), cancelled=(\\d[\\d,]{0,14}),");
  private static final Pattern PHASE = Pattern.compile("Phase ([^|]{1,200})$");

  /**
   * The sum over the measured phases in this output; empty when none has ended. Reads the file from
   * its start: after these lines, aiperf may print one or more for each request.
   */
  static Optional<MeasuredPhase> in(Path output) {
    Map<String, MeasuredPhase> phases = new LinkedHashMap<>();
    Map<String, Long> sent = new HashMap<>();
    BoundedLines.read(
        output,
        ReadLimits.OF_AN_ATTEMPT,
        MAX_LINE,
        bytes -> {
          String line = new String(bytes, StandardCharsets.UTF_8);
          if (line.contains(SENT_MARKER) && sent.size() < MAX_PHASES) {
            readSent(line, sent);
          } else if (line.contains(MARKER) && phases.size() < MAX_PHASES) {
            read(line, sent, phases);
          }
        });
    return phases.values().stream().reduce(MeasuredPhase::plus);
  }

  private static void readSent(String line, Map<String, Long> sent) {
    int at = line.indexOf(SENT_MARKER);
    Matcher count = SENT.matcher(line).region(at, line.length());
    if (count.find()) {
      phase(line, at).ifPresent(name -> sent.put(name, number(count.group(1))));
    }
  }

  private static void read(String line, Map<String, Long> sent, Map<String, MeasuredPhase> phases) {
    int at = line.indexOf(MARKER);
    Optional<String> name = phase(line, at);
    Matcher counts = COUNTS.matcher(line).region(at, line.length());
    if (name.isPresent() && counts.find()) {
      long completed = number(counts.group(1));
      long missing = sent.getOrDefault(name.get(), 0L) - completed;
      phases.put(
          name.get(),
          new MeasuredPhase(
              completed,
              Math.max(missing, number(counts.group(2))),
              line.indexOf("grace_period_timeout=True", at) > 0));
    }
  }

  /** The name of the phase before this place in a line. */
  private static Optional<String> phase(String line, int at) {
    Matcher name = PHASE.matcher(line.substring(Math.max(0, at - 220), at));
    return name.find() ? Optional.of(name.group(1)) : Optional.empty();
  }

  /** Requests that were sent. */
  long sent() {
    return completed + cancelled;
  }

  /** Whether requests were sent and none of them ended. */
  boolean isUnanswered() {
    return completed == 0 && cancelled > 0;
  }

  /** Such as {@code 8 of 14 requests were cut off by the grace period}; empty if none were. */
  String cutOff() {
    return cancelled == 0
        ? ""
        : "%s of %s requests were cut off %s"
            .formatted(
                OneLine.count(cancelled),
                OneLine.count(sent()),
                graceExpired ? "by the grace period" : "before they ended");
  }

  private MeasuredPhase plus(MeasuredPhase other) {
    return new MeasuredPhase(
        completed + other.completed,
        cancelled + other.cancelled,
        graceExpired || other.graceExpired);
  }

  private static long number(String text) {
    return Long.parseLong(text.replace(",", ""));
  }
}
