package dev.caravan.observe.http;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Labels of the timeline's time axis: round clock times. */
final class TimeAxis {

  private static final int MAX_TICKS = 6;
  private static final List<Duration> STEPS =
      Stream.of(1, 3, 5, 10, 20, 60, 120).map(Duration::ofMinutes).toList();

  /** Minimum distance from either end in percent, so that labels are not cut off. */
  private static final double MARGIN = 5;

  private TimeAxis() {}

  /** A label and its position in percent of the window. */
  public record Tick(String x, String label) {}

  /** The ticks of a window that starts at {@code from}. */
  static List<Tick> ticks(OffsetDateTime from, Duration window) {
    Duration step =
        STEPS.stream()
            .filter(each -> each.multipliedBy(MAX_TICKS).compareTo(window) >= 0)
            .findFirst()
            .orElse(STEPS.get(STEPS.size() - 1));
    ZonedDateTime begin = from.atZoneSameInstant(ZoneId.systemDefault());
    ZonedDateTime midnight = begin.truncatedTo(ChronoUnit.DAYS);
    long first = Duration.between(midnight, begin).dividedBy(step);
    List<Tick> ticks = new ArrayList<>();
    for (long n = first; n <= first + MAX_TICKS + 1; n++) {
      OffsetDateTime moment = midnight.plus(step.multipliedBy(n)).toOffsetDateTime();
      double x = 100.0 * Duration.between(from, moment).toMillis() / window.toMillis();
      if (x >= MARGIN && x <= 100 - MARGIN) {
        ticks.add(
            new Tick(
                BigDecimal.valueOf(x).setScale(1, RoundingMode.HALF_UP).toString(),
                DisplayTime.minutes(moment)));
      }
    }
    return ticks;
  }
}
