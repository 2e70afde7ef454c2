package dev.caravan.config;

import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import java.util.List;
import java.util.Optional;

/** Reads {@code rerun}. */
final class RerunSection {

  static final String PATH = "rerun";

  private static final String BATCH = "batch";
  private static final String RUN_INDEX = "run_index";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.of(
                  BATCH,
                  ConfigKey.Type.STRING,
                  "The batch: <batch_name>/<timestamp>, or the path of its folder.")
              .withFormat(TextFormat.BATCH)
              .asRequired(),
          SectionReader.integerKey(
                  RUN_INDEX, 0, Integer.MAX_VALUE, "Index of the run in that batch, from 0.")
              .asRequired());

  private RerunSection() {}

  /** The run to execute again; empty after adding a problem. */
  static Optional<Rerun> read(Mapping section, ValueReader values, Problems problems) {
    SectionReader reader = new SectionReader(section, KEYS, values, problems);
    for (ConfigKey key : KEYS) {
      if (reader.node(key.name()).isEmpty()) {
        problems.add(section.node(), section.path(key.name()), "required in this section");
      }
    }
    Optional<Integer> index = reader.integer(RUN_INDEX);
    return reader.string(BATCH).flatMap(batch -> index.map(i -> new Rerun(batch, i)));
  }
}
