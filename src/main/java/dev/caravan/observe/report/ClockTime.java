package dev.caravan.observe.report;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** A time as the clock on the wall shows it, with the date unless it is today's. */
final class ClockTime {

  private static final DateTimeFormatter TODAY = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter LATER = DateTimeFormatter.ofPattern("MM-dd HH:mm");

  private ClockTime() {}

  static String of(OffsetDateTime moment, LocalDate today) {
    ZonedDateTime local = moment.atZoneSameInstant(ZoneId.systemDefault());
    return local.format(local.toLocalDate().equals(today) ? TODAY : LATER);
  }
}
