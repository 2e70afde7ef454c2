package dev.caravan.config;

import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/** Reads {@code repeat}: a number, or {@code times} and {@code order}. */
final class RepeatSection {

  static final String PATH = "repeat";

  private static final String ORDER = "order";

  static final ConfigKey TIMES =
      SectionReader.integerKey("times", 1, 10_000, "How often every point is run.");

  static final List<ConfigKey> KEYS =
      List.of(
          TIMES,
          ConfigKey.of(
                  ORDER,
                  ConfigKey.Type.STRING,
                  "rounds: all points, then all of them again, every second time backwards;"
                      + " blocks: all repeats of a point, then those of the next.")
              .withChoices(Stream.of(Repeat.Order.values()).map(RepeatSection::word).toList())
              .withDefault(word(Repeat.ONCE.order())));

  private RepeatSection() {}

  /** How often each point is run; once after adding a problem. */
  static Repeat read(Node node, ValueReader values, Problems problems) {
    if (!(node instanceof MappingNode mapping)) {
      long times = values.read(TIMES, node, PATH).map(Long.class::cast).orElse(1L);
      return new Repeat(Math.toIntExact(times), Repeat.ONCE.order());
    }
    Mapping section = Mapping.of(mapping, PATH, problems);
    SectionReader reader = new SectionReader(section, KEYS, values, problems);
    if (reader.node(TIMES.name()).isEmpty()) {
      problems.add(node, section.path(TIMES.name()), "required in this section");
    }
    Repeat.Order order =
        reader
            .string(ORDER)
            .map(word -> Repeat.Order.valueOf(word.toUpperCase(Locale.ROOT)))
            .orElse(Repeat.ONCE.order());
    return new Repeat(reader.integer(TIMES.name()).orElse(1), order);
  }

  private static String word(Repeat.Order order) {
    return order.name().toLowerCase(Locale.ROOT);
  }
}
