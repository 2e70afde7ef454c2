package dev.caravan.config;

import dev.caravan.config.text.Durations;
import java.util.List;
import java.util.Optional;

/**
 * A key of {@code base_config} or of one of Caravan's own sections: a row of their tables.
 *
 * @param name as written in a config
 * @param type type of its values
 * @param required whether every run must have a value, from base_config or from a sweep
 * @param defaultValue its value if not set; empty if it is then absent
 * @param range limits of a number, or of a duration in hours
 * @param choices the only strings allowed; empty if any is
 * @param format what else a string must look like
 * @param passed whether it is passed to aiperf as a flag
 * @param description one sentence for the JSON Schema
 */
public record ConfigKey(
    String name,
    Type type,
    boolean required,
    Optional<Object> defaultValue,
    NumberRange range,
    List<String> choices,
    TextFormat format,
    boolean passed,
    String description) {

  public ConfigKey {
    choices = List.copyOf(choices);
  }

  /** The type of a key's values, with the Java type that holds them. */
  public enum Type {
    /** String. */
    STRING,
    /** Long. */
    INTEGER,
    /** Double. */
    NUMBER,
    /** Double, or {@link Parameters#UNLIMITED}. */
    RATE,
    /** Boolean. */
    BOOLEAN,
    /** Duration, written as {@link Durations} reads it. */
    DURATION,
    /** A list of strings, each one of the choices. */
    STRING_LIST,
    /** A map of aiperf flags. */
    OPTIONS
  }

  /** An optional key without default, range, choices or format, passed to aiperf. */
  static ConfigKey of(String name, Type type, String description) {
    return new ConfigKey(
        name,
        type,
        false,
        Optional.empty(),
        NumberRange.NONE,
        List.of(),
        TextFormat.ANY,
        true,
        description);
  }

  /** A copy that is required. */
  ConfigKey asRequired() {
    return new ConfigKey(
        name, type, true, defaultValue, range, choices, format, passed, description);
  }

  /** A copy with a default. */
  ConfigKey withDefault(Object value) {
    return new ConfigKey(
        name, type, required, Optional.of(value), range, choices, format, passed, description);
  }

  /** A copy that is not passed to aiperf. */
  ConfigKey notPassed() {
    return new ConfigKey(
        name, type, required, defaultValue, range, choices, format, false, description);
  }

  ConfigKey withRange(NumberRange newRange) {
    return new ConfigKey(
        name, type, required, defaultValue, newRange, choices, format, passed, description);
  }

  ConfigKey withChoices(List<String> newChoices) {
    return new ConfigKey(
        name, type, required, defaultValue, range, newChoices, format, passed, description);
  }

  ConfigKey withFormat(TextFormat newFormat) {
    return new ConfigKey(
        name, type, required, defaultValue, range, choices, newFormat, passed, description);
  }

  /** Its aiperf flag, such as {@code --request-rate}; empty if it is not passed. */
  public Optional<String> flag() {
    return passed ? Optional.of(FlagNames.of(name)) : Optional.empty();
  }

  /** Whether a sweep may set it. */
  public boolean sweepable() {
    return type != Type.OPTIONS;
  }

  /** Whether its value could be a secret pasted by mistake, which no message may repeat. */
  boolean mayHoldSecret() {
    return format == TextFormat.VARIABLE;
  }
}
