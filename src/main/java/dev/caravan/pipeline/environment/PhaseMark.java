package dev.caravan.pipeline.environment;

import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.Optional;

/**
 * A line in which aiperf reports that a phase began or ended, and when Caravan saw it.
 *
 * @param line the line, cut off after 200 characters
 * @param seen when it was read
 * @param notBefore when the output was last read without it, by the monotonic clock
 */
public record PhaseMark(String line, Moment seen, double notBefore) {

  private static final int MAX_LINE = 200;
  private static final String BEGINS = " (profiling) started";
  private static final String ENDS = " (profiling) complete";

  /** Aiperf's stamp: the local time of day. */
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  private static final int STAMP_LENGTH = "19:21:38.553".length();

  public PhaseMark {
    Objects.requireNonNull(seen);
    line = line.length() <= MAX_LINE ? line : line.substring(0, MAX_LINE);
  }

  /** Whether the measured phase begins here. */
  boolean beginsMeasuring() {
    return line.contains(BEGINS);
  }

  /** Whether the measured phase ends here. */
  boolean endsMeasuring() {
    return line.contains(ENDS);
  }

  /** When aiperf wrote the line by its own clock; empty if the line does not begin with a time. */
  public Optional<Duration> timeOfDay() {
    if (line.length() < STAMP_LENGTH) {
      return Optional.empty();
    }
    try {
      LocalTime time = LocalTime.parse(line.substring(0, STAMP_LENGTH), STAMP);
      return Optional.of(Duration.ofNanos(time.toNanoOfDay()));
    } catch (DateTimeParseException e) {
      return Optional.empty(); // another version of aiperf
    }
  }
}
