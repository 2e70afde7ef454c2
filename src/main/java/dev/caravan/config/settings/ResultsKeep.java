package dev.caravan.config.settings;

import dev.caravan.config.text.Durations;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which batches of a name stay when the others are pruned: so many of the newest, or those that
 * ended not longer ago than this.
 *
 * @param newest how many; empty if the age decides
 * @param age how old they may be; empty if the number decides
 * @param compresses whether the others are compressed rather than deleted
 */
public record ResultsKeep(OptionalInt newest, Optional<Duration> age, boolean compresses) {

  private static final String OFF = "off";
  private static final Pattern FORM = Pattern.compile("(\\S{1,20})(\\s+compress)?");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  /**
   * The rule in these settings; empty if everything stays.
   *
   * @throws SettingsRefusedException if it is none
   */
  public static Optional<ResultsKeep> of(Settings settings) {
    String text = settings.text(Setting.RESULTS_KEEP).strip();
    return text.isEmpty() || text.equals(OFF)
        ? Optional.empty()
        : Optional.of(
            parse(text)
                .orElseThrow(
                    () ->
                        new SettingsRefusedException(
                            Setting.RESULTS_KEEP.key()
                                + ": \""
                                + text
                                + "\" is not a number of batches such as 30, an age such as 90d, or"
                                + " one of them and compress")));
  }

  private static Optional<ResultsKeep> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    boolean compresses = form.group(2) != null;
    if (NUMBER.matcher(form.group(1)).matches()) {
      int number = Integer.parseInt(form.group(1));
      return number < 1 ? Optional.empty() : Optional.of(newest(number, compresses));
    }
    return Durations.tryParseAge(form.group(1))
        .filter(age -> !age.isZero())
        .map(age -> younger(age, compresses));
  }

  /** A rule by which the newest batches stay, as many as {@code number}. */
  public static ResultsKeep newest(int number, boolean compresses) {
    return new ResultsKeep(OptionalInt.of(number), Optional.empty(), compresses);
  }

  /** A rule by which batches stay that ended no longer ago than this. */
  public static ResultsKeep younger(Duration age, boolean compresses) {
    return new ResultsKeep(OptionalInt.empty(), Optional.of(age), compresses);
  }

  /**
   * Whether a batch stays.
   *
   * @param newer how many batches of its name are newer
   * @param old how long ago it ended
   */
  public boolean keeps(int newer, Duration old) {
    return newest.isPresent() ? newer < newest.getAsInt() : old.compareTo(age.orElseThrow()) <= 0;
  }
}
