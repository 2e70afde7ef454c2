package dev.caravan.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.caravan.config.KeyOverride.UnclearException;
import dev.caravan.config.yaml.OptionMark;
import dev.caravan.config.yaml.Problems;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.yaml.snakeyaml.nodes.MappingNode;

/**
 * What is set over a config for one batch, without a change to its file: options of the command
 * line or the API, in the order in which they apply. The last one for a key wins.
 *
 * @param options each as it is typed, without the quotes of a shell: {@code --set
 *     base_config.concurrency=4}, {@code --label image=0.34.0} or {@code --name nightly}
 */
public record Overrides(@JsonValue List<String> options) {

  /** No overrides: the config as its file is. */
  public static final Overrides NONE = new Overrides(List.of());

  private static final int MAX_OPTIONS = 100;
  private static final int MAX_CHARACTERS = 128 * 1024;

  /** The most bytes that they take as a JSON list: six for a character that is escaped. */
  public static final int MAX_JSON_BYTES = 6 * MAX_CHARACTERS + 3 * MAX_OPTIONS + 2;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Overrides {
    options = options == null ? List.of() : options.stream().filter(Objects::nonNull).toList();
  }

  /**
   * Overrides by the kind of their options. Settings apply last, so that they win over a name and
   * labels.
   */
  public static Overrides of(Optional<String> name, List<String> labels, List<String> settings) {
    return new Overrides(
        Stream.of(
                name.stream().map(text -> KeyOverride.NAME + " " + text),
                labels.stream().map(text -> KeyOverride.LABEL + " " + text),
                settings.stream().map(text -> KeyOverride.SET + " " + text))
            .flatMap(option -> option)
            .toList());
  }

  /** These overrides, and then others. */
  public Overrides then(Overrides later) {
    return new Overrides(Stream.concat(options.stream(), later.options.stream()).toList());
  }

  /** Whether there are any. */
  public boolean any() {
    return !options.isEmpty();
  }

  /** The tree of an accepted config with these overrides. */
  public MappingNode over(MappingNode config) {
    return over(config, new Problems()).root();
  }

  /** The tree of a config with these overrides; adds a problem for each that cannot be set. */
  ConfigTree over(MappingNode config, Problems problems) {
    ConfigTree tree = new ConfigTree(config, problems);
    int characters = options.stream().mapToInt(String::length).sum();
    if (options.size() > MAX_OPTIONS || characters > MAX_CHARACTERS) {
      problems.add(OptionMark.of(KeyOverride.SET), "", tooMany(characters));
      return tree;
    }
    for (String option : options) {
      try {
        tree.set(KeyOverride.of(option));
      } catch (UnclearException e) {
        problems.add(e.mark(), "", e.getMessage());
      }
    }
    return tree;
  }

  private String tooMany(int characters) {
    return String.format(
        Locale.ROOT,
        "%,d options with %,d characters; at most %,d with %,d in all",
        options.size(),
        characters,
        MAX_OPTIONS,
        MAX_CHARACTERS);
  }
}
