package dev.caravan.cli;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts ages: {@code 30d}, or any duration that {@link DurationConverter} accepts. */
final class SinceConverter implements ITypeConverter<Duration> {

  @Override
  public Duration convert(String value) {
    return Durations.tryParseAge(value)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    DisplayText.quoted(value)
                        + " is not an age: write a whole number and a unit (s, m, h or d), such as"
                        + " 12h or 30d"));
  }
}
