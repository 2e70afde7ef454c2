package dev.caravan.pipeline.outcome;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Times and durations as the files of this package have them. */
final class ResultJson {

  private ResultJson() {}

  /** A time as RFC 3339 with offset and milliseconds. */
  static String time(OffsetDateTime time) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time.truncatedTo(ChronoUnit.MILLIS));
  }

  /** A duration in seconds, to the millisecond. */
  static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
