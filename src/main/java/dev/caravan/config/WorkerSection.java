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

  static final List<Key> KEYS =
      List.of(
          Key.row(POOL, Key.Type.TEXT, "Only workers that serve this pool take its runs.")
              .like(Form.POOL)
              .orElse(DEFAULT_POOL));

  private WorkerSection() {}

  /** The pool asked for. */
  static String read(Mapping section, Values values, Problems problems) {
    return new Fields(section, KEYS, values, problems).text(POOL).orElse(DEFAULT_POOL);
  }
}
