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

/** The round times below the lanes. */
final class TimeAxis {

  private static final int MOST = 6;
  private static final List<Duration> STEPS =
      Stream.of(1, 3, 5, 10, 20, 60, 120).map(Duration::ofMinutes).toList();

  /** From here to the other end its words have the room that they need. */
  private static final double EDGE = 5;

  private TimeAxis() {}

  /** A time, and where it stands in percent of the window. */
  public record Tick(String x, String message) {}

  /** Those of this window. */
  static List<Tick> of(OffsetDateTime from, Duration window) {
    Duration step =
        STEPS.stream()
            .filter(each -> each.multipliedBy(MOST).compareTo(window) >= 0)
            .findFirst()
            .orElse(STEPS.get(STEPS.size() - 1));
    ZonedDateTime begin = from.atZoneSameInstant(ZoneId.systemDefault());
    ZonedDateTime midnight = begin.truncatedTo(ChronoUnit.DAYS);
    long passed = Duration.between(midnight, begin).dividedBy(step);
    List<Tick> ticks = new ArrayList<>();
    for (long at = passed; at <= passed + MOST + 1; at++) {
      OffsetDateTime moment = midnight.plus(step.multipliedBy(at)).toOffsetDateTime();
      double x = 100.0 * Duration.between(from, moment).toMillis() / window.toMillis();
      if (x >= EDGE && x <= 100 - EDGE) {
        ticks.add(
            new Tick(
                BigDecimal.valueOf(x).setScale(1, RoundingMode.HALF_UP).toString(),
                DisplayTime.minutes(moment)));
      }
    }
    return ticks;
  }
}
