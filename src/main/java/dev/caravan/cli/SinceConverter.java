package dev.caravan.cli;

import dev.caravan.config.text.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;

/** Converts {@code 30d}, or any duration that {@link DurationConverter} accepts. */
final class SinceConverter implements ITypeConverter<Duration> {

  @Override
  public Duration convert(String value) {
    return Durations.tryParseAge(value).orElseGet(() -> new DurationConverter().convert(value));
  }
}
