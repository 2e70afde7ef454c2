package dev.caravan.config;

import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import java.util.List;

/** Reads {@code worker}. */
final class WorkerSection {

  static final String PATH = "worker";

  /** The pool of a config that sets none. */
  static final String DEFAULT_POOL = "default";

  private static final String POOL = "pool";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.of(
                  POOL,
                  ConfigKey.Type.STRING,
                  "Only workers that serve this pool execute its runs.")
              .withFormat(TextFormat.POOL)
              .withDefault(DEFAULT_POOL));

  private WorkerSection() {}

  /** The pool, or the default. */
  static String read(Mapping section, ValueReader values, Problems problems) {
    return new SectionReader(section, KEYS, values, problems).string(POOL).orElse(DEFAULT_POOL);
  }
}
