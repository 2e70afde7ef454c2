package dev.caravan.config;

import java.util.List;
import java.util.Set;

/**
 * An aiperf flag that {@code aiperf_options} may contain.
 *
 * @param name without dashes, with underscores
 * @param kind the kind of its values
 * @param range limits of a number
 * @param choices the only strings allowed; empty if any is
 * @param aliases its other names
 */
public record Option(
    String name, Kind kind, NumberRange range, List<String> choices, Set<String> aliases) {

  public Option {
    choices = List.copyOf(choices);
    aliases = Set.copyOf(aliases);
  }

  /** The kind of an option's values, and how they become arguments. */
  public enum Kind {
    /** Boolean: true passes the bare flag, false nothing. */
    FLAG,
    /** Boolean: true passes {@code --name}, false {@code --no-name}. */
    SWITCH,
    /** Long. */
    INTEGER,
    /** Double. */
    NUMBER,
    /** String. */
    STRING,
    /** String or list of them: the flag repeated. */
    LIST,
    /** String, list or map: {@code key:number} items in one argument. */
    PAIRS,
    /** String, list or map: {@code key:value} items, the flag repeated. */
    MAP,
    /** Not on the built-in list but allowed by a property: passed according to its value's type. */
    FREE
  }

  /** An option that is not on the built-in list but allowed by a property. */
  static Option free(String name) {
    return new Option(name, Kind.FREE, NumberRange.NONE, List.of(), Set.of());
  }
}
