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
          SectionReader.duration(
                  START_UP, "Longest time from the start of aiperf to its first phase.")
              .orElse(Limits.DEFAULTS.startUp()),
          SectionReader.duration(WARM_UP, "Longest warm-up.").orElse(Limits.DEFAULTS.warmUp()),
          SectionReader.duration(
              MEASURING,
              "Longest measured phase; by default benchmark_duration, the grace period and 1m."),
          SectionReader.duration(
                  EXPORT, "Longest time from the measured phase to the end of aiperf.")
              .orElse(Limits.DEFAULTS.export()),
          SectionReader.duration(
              RUN_TIMEOUT, "Longest run; by default the sum of the four phases."),
          SectionReader.duration(NO_PROGRESS, "Longest silence during start-up and export.")
              .orElse(Limits.DEFAULTS.noProgress()),
          SectionReader.whole(
              MAX_FAILURES,
              1,
              Integer.MAX_VALUE,
              "Failed runs in a row after which the rest is cancelled; never by default."),
          SectionReader.whole(
                  SAME_CAUSE,
                  0,
                  Integer.MAX_VALUE,
                  "Failed runs in a row with the same lasting cause after which the rest is"
                      + " cancelled; 0 for never.")
              .orElse(Limits.DEFAULTS.sameCause()));

  private LimitsSection() {}

  /** The limits, with the default of each that is not given. */
  static Limits read(Mapping section, ValueReader values, Problems problems) {
    SectionReader given = new SectionReader(section, KEYS, values, problems);
    Limits others = Limits.DEFAULTS;
    return new Limits(
        given.duration(START_UP).orElse(others.startUp()),
        given.duration(WARM_UP).orElse(others.warmUp()),
        given.duration(MEASURING),
        given.duration(EXPORT).orElse(others.export()),
        given.duration(RUN_TIMEOUT),
        given.duration(NO_PROGRESS).orElse(others.noProgress()),
        given.whole(MAX_FAILURES).map(OptionalInt::of).orElse(others.maxFailures()),
        given.whole(SAME_CAUSE).orElse(others.sameCause()));
  }
}
