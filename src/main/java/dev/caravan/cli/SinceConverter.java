package dev.caravan.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;

/** Converts {@code 30d}, or any duration that {@link DurationConverter} accepts. */
final class SinceConverter implements ITypeConverter<Duration> {

  private static final Pattern DAYS = Pattern.compile("(\\d{1,5})d");

  @Override
  public Duration convert(String value) {
    Matcher days = DAYS.matcher(value.strip());
    return days.matches()
        ? Duration.ofDays(Long.parseLong(days.group(1)))
        : new DurationConverter().convert(value);
  }
}
