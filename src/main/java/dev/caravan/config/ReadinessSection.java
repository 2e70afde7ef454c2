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

  private static final int LEAST_STATUS = 100;
  private static final int MOST_STATUS = 599;

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.row(
                  ENDPOINT,
                  ConfigKey.Type.TEXT,
                  "Path asked before a run, or none; goes before health_check_endpoint.")
              .like(TextFormat.PATH_OR_NONE),
          SectionReader.whole(STATUS, LEAST_STATUS, MOST_STATUS, "HTTP status that means ready.")
              .orElse(ReadinessRules.DEFAULTS.status()),
          SectionReader.durationOrNone(
              WAIT, "Patience with a target that is not ready; caravan.readiness.wait by default."),
          SectionReader.duration(
              INTERVAL, "Time between two tries; caravan.readiness.interval by default."),
          ConfigKey.row(
                  COMPLETION,
                  ConfigKey.Type.BOOLEAN,
                  "Whether a real completion of one token must succeed before a run.")
              .orElse(ReadinessRules.DEFAULTS.completion()),
          ConfigKey.row(
                  PREFLIGHT,
                  ConfigKey.Type.BOOLEAN,
                  "Whether model, key and tokenizer are tried once before the first run.")
              .orElse(ReadinessRules.DEFAULTS.preflight()));

  private ReadinessSection() {}

  /** The rules, with the default of each that is not given. */
  static ReadinessRules read(Mapping section, ValueReader values, Problems problems) {
    SectionReader given = new SectionReader(section, KEYS, values, problems);
    ReadinessRules others = ReadinessRules.DEFAULTS;
    return new ReadinessRules(
        given.text(ENDPOINT),
        given.whole(STATUS).orElse(others.status()),
        given.duration(WAIT),
        given.duration(INTERVAL),
        given.truth(COMPLETION).orElse(others.completion()),
        given.truth(PREFLIGHT).orElse(others.preflight()));
  }
}
