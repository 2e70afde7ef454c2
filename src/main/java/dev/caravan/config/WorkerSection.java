package dev.caravan.config;

import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import java.util.List;

/** Reads {@code worker}. */
final class WorkerSection {

  static final String PATH = "worker";

  /** The pool of a config that asks for none. */
  static final String DEFAULT_POOL = "default";

  private static final String POOL = "pool";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.row(
                  POOL, ConfigKey.Type.TEXT, "Only workers that serve this pool take its runs.")
              .like(TextFormat.POOL)
              .orElse(DEFAULT_POOL));

  private WorkerSection() {}

  /** The pool asked for. */
  static String read(Mapping section, ValueReader values, Problems problems) {
    return new SectionReader(section, KEYS, values, problems).text(POOL).orElse(DEFAULT_POOL);
  }
}
