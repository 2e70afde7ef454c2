package dev.caravan.observe.http;

import dev.caravan.config.text.Durations;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Times as pages show them: today's by the clock, others with their day. */
final class DisplayTime {

  private static final DateTimeFormatter SHORT = DateTimeFormatter.ofPattern("HH:mm");
  private static final DateTimeFormatter TODAY = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter LATER = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  private DisplayTime() {}

  static String of(OffsetDateTime moment) {
    var local = moment.atZoneSameInstant(ZoneId.systemDefault());
    return local.format(local.toLocalDate().equals(LocalDate.now()) ? TODAY : LATER);
  }

  static String of(Optional<OffsetDateTime> moment) {
    return moment.map(DisplayTime::of).orElse("");
  }

  /** Hours and minutes alone. */
  static String minutes(OffsetDateTime moment) {
    return moment.atZoneSameInstant(ZoneId.systemDefault()).format(SHORT);
  }

  /** A span in whole seconds, such as {@code 3m 10s}. */
  static String span(Duration span) {
    Duration whole = Duration.ofSeconds(Math.max(0, span.toSeconds()));
    return whole.compareTo(Duration.ofMinutes(1)) < 0
        ? whole.toSeconds() + " s"
        : whole.compareTo(Duration.ofHours(1)) < 0
            ? whole.toMinutes() + " min " + whole.toSecondsPart() + " s"
            : whole.toHours() + " h " + whole.toMinutesPart() + " min";
  }

  /** A limit as a config writes it. */
  static String limit(Duration limit) {
    return Durations.format(limit);
  }
}
