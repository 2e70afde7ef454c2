package dev.caravan.config;

import dev.caravan.config.Option.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The built-in list of aiperf's flags: which ones {@code aiperf_options} may contain, and why not
 * the others. Read once from a resource file of this package, which says how it was made.
 */
public final class AiperfOptions {

  private static final String LIST = "aiperf-options-0.13.0.txt";
  private static final String NONE = "-";
  private static final AiperfOptions SHIPPED = new AiperfOptions();

  private final Map<String, Option> allowed = new LinkedHashMap<>();
  private final Map<String, String> aliases = new LinkedHashMap<>();
  private final Map<String, String> refused = new LinkedHashMap<>();
  private final Map<String, Reason> reasons = new LinkedHashMap<>();

  private AiperfOptions() {
    try (BufferedReader lines = open()) {
      lines.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).forEach(this::add);
    } catch (IOException e) {
      throw new UncheckedIOException(LIST, e);
    }
  }

  /**
   * Why a flag is refused.
   *
   * @param key the key of {@code base_config} to use instead; empty if there is none
   * @param permanent whether not even a property can allow it
   * @param message the reason
   */
  record Reason(String key, boolean permanent, String message) {}

  /** The list of this version. */
  public static AiperfOptions shipped() {
    return SHIPPED;
  }

  /** All allowed options, in aiperf's order. */
  public Map<String, Option> allowed() {
    return Collections.unmodifiableMap(allowed);
  }

  /** The allowed option with this name. */
  public Optional<Option> find(String name) {
    return Optional.ofNullable(allowed.get(name));
  }

  /** The name of the allowed option with this alias. */
  Optional<String> nameOf(String alias) {
    return Optional.ofNullable(aliases.get(alias));
  }

  /** Why the flag with this name or alias is refused. */
  Optional<Reason> refusal(String name) {
    return Optional.ofNullable(refused.get(name)).map(this::reason);
  }

  /** Whether aiperf has a flag with this name or alias, allowed or not. */
  boolean isKnown(String name) {
    return allowed.containsKey(name) || aliases.containsKey(name) || refused.containsKey(name);
  }

  private Reason reason(String code) {
    return code.startsWith("key:")
        ? new Reason(code.substring("key:".length()), true, "is a key of base_config")
        : reasons.get(code);
  }

  private void add(String line) {
    String[] columns = line.split("\\s+", 4);
    if (line.startsWith("!")) {
      String[] reason = line.substring(1).split("\\s+", 3);
      reasons.put(reason[0], new Reason("", reason[1].equals("never"), reason[2]));
    } else if (columns[1].startsWith("!")) {
      refused.put(columns[0], columns[1].substring(1));
      names(columns[2]).forEach(alias -> refused.put(alias, columns[1].substring(1)));
    } else {
      Option option = option(columns);
      allowed.put(option.name(), option);
      option.aliases().forEach(alias -> aliases.put(alias, option.name()));
    }
  }

  private static Option option(String[] columns) {
    boolean bounded = columns[2].matches("[<>].*");
    return new Option(
        columns[0],
        Kind.valueOf(columns[1].toUpperCase(Locale.ROOT)),
        bounded ? NumberRange.parse(columns[2]) : NumberRange.NONE,
        bounded || columns[2].equals(NONE) ? List.of() : List.of(columns[2].split("\\|")),
        names(columns[3]));
  }

  private static Set<String> names(String text) {
    return text.equals(NONE)
        ? Set.of()
        : Arrays.stream(text.split(",")).collect(Collectors.toUnmodifiableSet());
  }

  private static BufferedReader open() {
    return new BufferedReader(
        new InputStreamReader(
            AiperfOptions.class.getResourceAsStream(LIST), StandardCharsets.UTF_8));
  }
}
