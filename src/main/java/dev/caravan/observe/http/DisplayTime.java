package dev.caravan.observe.http;

import dev.caravan.config.text.Durations;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Formats times for pages: clock time for today, with the date for other days. */
final class DisplayTime {

  private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("HH:mm");
  private static final DateTimeFormatter TODAY = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter OTHER_DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  private DisplayTime() {}

  static String of(OffsetDateTime moment) {
    var local = moment.atZoneSameInstant(ZoneId.systemDefault());
    return local.format(local.toLocalDate().equals(LocalDate.now()) ? TODAY : OTHER_DAY);
  }

  static String of(Optional<OffsetDateTime> moment) {
    return moment.map(DisplayTime::of).orElse("");
  }

  /** The id of the zone of all times, as browsers know it. */
  static String zoneId() {
    return ZoneId.systemDefault().equals(ZoneOffset.UTC) ? "UTC" : ZoneId.systemDefault().getId();
  }

  /** The zone of all times, such as {@code Europe/Berlin (UTC+01:00)}. */
  static String zone() {
    ZonedDateTime now = ZonedDateTime.now();
    String offset = "UTC" + (now.getOffset().getTotalSeconds() == 0 ? "" : now.getOffset());
    String name = now.getZone().getId();
    return name.matches("UTC|Z|GMT|Etc/UTC") ? "UTC" : name + " (" + offset + ")";
  }

  /** Hours and minutes only. */
  static String minutes(OffsetDateTime moment) {
    return moment.atZoneSameInstant(ZoneId.systemDefault()).format(MINUTES);
  }

  /** A duration in whole seconds, such as {@code 3 min 10 s}; a negative one counts as zero. */
  static String span(Duration span) {
    Duration rounded = Duration.ofSeconds(Math.max(0, span.toSeconds()));
    return rounded.compareTo(Duration.ofMinutes(1)) < 0
        ? rounded.toSeconds() + " s"
        : rounded.compareTo(Duration.ofHours(1)) < 0
            ? rounded.toMinutes() + " min " + rounded.toSecondsPart() + " s"
            : rounded.toHours() + " h " + rounded.toMinutesPart() + " min";
  }

  /** A duration in the notation of configs. */
  static String limit(Duration limit) {
    return Durations.format(limit);
  }
}
