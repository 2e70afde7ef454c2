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
          ConfigKey.row(
                  BATCH,
                  ConfigKey.Type.TEXT,
                  "The batch, as <batch_name>/<timestamp> or as the path of its folder.")
              .like(TextFormat.BATCH)
              .needed(),
          SectionReader.whole(
                  RUN_INDEX, 0, Integer.MAX_VALUE, "Index of the run in that batch, from 0.")
              .needed());

  private RerunSection() {}

  /** The run asked for; empty after a problem was added. */
  static Optional<Rerun> read(Mapping section, ValueReader values, Problems problems) {
    SectionReader given = new SectionReader(section, KEYS, values, problems);
    for (ConfigKey key : KEYS) {
      if (given.node(key.name()).isEmpty()) {
        problems.add(section.node(), section.path(key.name()), "required in this section");
      }
    }
    Optional<Integer> index = given.whole(RUN_INDEX);
    return given.text(BATCH).flatMap(batch -> index.map(i -> new Rerun(batch, i)));
  }
}
