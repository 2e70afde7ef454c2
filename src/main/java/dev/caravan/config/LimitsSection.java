package dev.caravan.config;

import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import java.util.List;
import java.util.OptionalInt;

/** Reads {@code limits}. */
final class LimitsSection {

  static final String PATH = "limits";

  private static final String START_UP = "start_up";
  private static final String WARM_UP = "warm_up";
  private static final String MEASURING = "measuring";
  private static final String EXPORT = "export";
  private static final String RUN_TIMEOUT = "run_timeout";
  private static final String NO_PROGRESS = "no_progress";
  private static final String MAX_FAILURES = "max_failures";
  private static final String SAME_CAUSE = "same_cause";

  static final List<ConfigKey> KEYS =
      List.of(
          SectionReader.positiveDurationKey(
                  START_UP, "Longest time from the start of aiperf to its first phase.")
              .withDefault(Limits.DEFAULTS.startUp()),
          SectionReader.positiveDurationKey(WARM_UP, "Longest warm-up.")
              .withDefault(Limits.DEFAULTS.warmUp()),
          SectionReader.positiveDurationKey(
              MEASURING,
              "Longest measured phase; by default benchmark_duration, the grace period and 1m."),
          SectionReader.positiveDurationKey(
                  EXPORT, "Longest time from the end of the measured phase to aiperf's exit.")
              .withDefault(Limits.DEFAULTS.export()),
          SectionReader.positiveDurationKey(
              RUN_TIMEOUT, "Longest run; by default the sum of the four phases."),
          SectionReader.positiveDurationKey(
                  NO_PROGRESS, "Longest time without output during start-up and export.")
              .withDefault(Limits.DEFAULTS.noProgress()),
          SectionReader.integerKey(
              MAX_FAILURES,
              1,
              Integer.MAX_VALUE,
              "Consecutive failed runs after which the remaining runs are cancelled; never by"
                  + " default."),
          SectionReader.integerKey(
                  SAME_CAUSE,
                  0,
                  Integer.MAX_VALUE,
                  "Consecutive failed runs with the same permanent cause after which the remaining"
                      + " runs are cancelled; 0 for never.")
              .withDefault(Limits.DEFAULTS.sameCause()));

  private LimitsSection() {}

  /** The limits, with defaults for those that are not set. */
  static Limits read(Mapping section, ValueReader values, Problems problems) {
    SectionReader reader = new SectionReader(section, KEYS, values, problems);
    Limits defaults = Limits.DEFAULTS;
    return new Limits(
        reader.duration(START_UP).orElse(defaults.startUp()),
        reader.duration(WARM_UP).orElse(defaults.warmUp()),
        reader.duration(MEASURING),
        reader.duration(EXPORT).orElse(defaults.export()),
        reader.duration(RUN_TIMEOUT),
        reader.duration(NO_PROGRESS).orElse(defaults.noProgress()),
        reader.integer(MAX_FAILURES).map(OptionalInt::of).orElse(defaults.maxFailures()),
        reader.integer(SAME_CAUSE).orElse(defaults.sameCause()));
  }
}
