package dev.caravan.cli;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.NearestName;
import dev.caravan.model.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts outcomes in options, such as {@code timed_out} or {@code timed-out}. */
final class OutcomeConverter implements ITypeConverter<Outcome> {

  private static final List<String> NAMES =
      Stream.of(Outcome.values()).map(Outcome::value).toList();

  @Override
  public Outcome convert(String text) {
    String name = text.replace('-', '_').toLowerCase(Locale.ROOT);
    if (!NAMES.contains(name)) {
      throw new TypeConversionException(
          "there is no outcome "
              + DisplayText.quoted(text)
              + NearestName.hint(text, NAMES)
              + "; there are "
              + String.join(", ", NAMES));
    }
    return Outcome.of(name);
  }
}
