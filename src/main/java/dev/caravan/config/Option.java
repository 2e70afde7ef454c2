package dev.caravan.config;

import java.util.List;
import java.util.Set;

/**
 * A flag of aiperf that {@code aiperf_options} may name.
 *
 * @param name without dashes, with underscores
 * @param kind what it takes
 * @param bounds limits of a number
 * @param choices the only texts allowed; empty when any is
 * @param aliases its other names
 */
public record Option(
    String name, Kind kind, NumberRange bounds, List<String> choices, Set<String> aliases) {

  public Option {
    choices = List.copyOf(choices);
    aliases = Set.copyOf(aliases);
  }

  /** What an option takes, and how it becomes arguments. */
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
    TEXT,
    /** String or list of them: the flag repeated. */
    LIST,
    /** String, list or map: {@code key:number} items in one argument. */
    PAIRS,
    /** String, list or map: {@code key:value} items, the flag repeated. */
    MAP,
    /** Not on the shipped list, allowed by a property: passed by the type of its value. */
    FREE
  }

  /** An option that a property allows and the shipped list does not describe. */
  static Option free(String name) {
    return new Option(name, Kind.FREE, NumberRange.NONE, List.of(), Set.of());
  }
}
