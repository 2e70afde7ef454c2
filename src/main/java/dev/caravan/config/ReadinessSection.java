package dev.caravan.config;

import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import java.util.List;

/** Reads {@code readiness}. */
final class ReadinessSection {

  static final String PATH = "readiness";

  private static final String ENDPOINT = "endpoint";
  private static final String STATUS = "status";
  private static final String WAIT = "wait";
  private static final String INTERVAL = "interval";
  private static final String COMPLETION = "completion";
  private static final String PREFLIGHT = "preflight";
  private static final String QUIET = "quiet";

  private static final int MIN_STATUS = 100;
  private static final int MAX_STATUS = 599;

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.of(
                  ENDPOINT,
                  ConfigKey.Type.STRING,
                  "Path to probe before a run, or none; overrides health_check_endpoint.")
              .withFormat(TextFormat.PATH_OR_NONE),
          SectionReader.integerKey(STATUS, MIN_STATUS, MAX_STATUS, "HTTP status that means ready.")
              .withDefault(ReadinessRules.DEFAULTS.status()),
          SectionReader.durationKey(
              WAIT, "How long to wait for the service; caravan.readiness.wait by default."),
          SectionReader.positiveDurationKey(
              INTERVAL, "Time between two probes; caravan.readiness.interval by default."),
          ConfigKey.of(
                  COMPLETION,
                  ConfigKey.Type.BOOLEAN,
                  "Whether to probe with a real completion of one token.")
              .withDefault(ReadinessRules.DEFAULTS.completion()),
          ConfigKey.of(
                  PREFLIGHT,
                  ConfigKey.Type.BOOLEAN,
                  "Whether to check model, key and tokenizer once before the first run.")
              .withDefault(ReadinessRules.DEFAULTS.preflight()),
          SectionReader.durationKey(
                  QUIET, "How long a run waits for a service that works on other requests.")
              .withDefault(ReadinessRules.DEFAULTS.quiet()));

  private ReadinessSection() {}

  /** The rules, with defaults for those that are not set. */
  static ReadinessRules read(Mapping section, ValueReader values, Problems problems) {
    SectionReader reader = new SectionReader(section, KEYS, values, problems);
    ReadinessRules defaults = ReadinessRules.DEFAULTS;
    return new ReadinessRules(
        reader.string(ENDPOINT),
        reader.integer(STATUS).orElse(defaults.status()),
        reader.duration(WAIT),
        reader.duration(INTERVAL),
        reader.bool(COMPLETION).orElse(defaults.completion()),
        reader.bool(PREFLIGHT).orElse(defaults.preflight()),
        reader.duration(QUIET).orElse(defaults.quiet()));
  }
}
