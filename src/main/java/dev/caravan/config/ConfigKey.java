package dev.caravan.config;

import dev.caravan.config.text.Durations;
import java.util.List;
import java.util.Optional;

/**
 * One key of {@code base_config} or of one of Caravan's own sections, as its table describes it.
 *
 * @param name as written in a config
 * @param type what its values are
 * @param required whether every run must have it, from the base or from a sweep
 * @param byDefault its value when it is not given; empty when it is then absent
 * @param bounds limits of a number, or of a duration in hours
 * @param choices the only texts allowed; empty when any is
 * @param form what else a text must look like
 * @param passed whether it becomes a flag of aiperf
 * @param description one sentence for people
 */
public record ConfigKey(
    String name,
    Type type,
    boolean required,
    Optional<Object> byDefault,
    NumberRange bounds,
    List<String> choices,
    TextFormat form,
    boolean passed,
    String description) {

  public ConfigKey {
    choices = List.copyOf(choices);
  }

  /** What the values of a key are, and the Java type that holds them. */
  public enum Type {
    /** String. */
    TEXT,
    /** Long. */
    INTEGER,
    /** Double. */
    NUMBER,
    /** Boolean. */
    BOOLEAN,
    /** Duration, written as {@link Durations} reads it. */
    DURATION,
    /** A list of words, each one of the choices. */
    WORDS,
    /** A map of further aiperf flags. */
    OPTIONS
  }

  static ConfigKey row(String name, Type type, String description) {
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

  /** As this one, but every run must have it. */
  ConfigKey needed() {
    return new ConfigKey(name, type, true, byDefault, bounds, choices, form, passed, description);
  }

  /** As this one, with a default. */
  ConfigKey orElse(Object value) {
    return new ConfigKey(
        name, type, required, Optional.of(value), bounds, choices, form, passed, description);
  }

  /** As this one, but no flag of aiperf. */
  ConfigKey kept() {
    return new ConfigKey(
        name, type, required, byDefault, bounds, choices, form, false, description);
  }

  ConfigKey within(NumberRange limits) {
    return new ConfigKey(
        name, type, required, byDefault, limits, choices, form, passed, description);
  }

  ConfigKey oneOf(List<String> texts) {
    return new ConfigKey(name, type, required, byDefault, bounds, texts, form, passed, description);
  }

  ConfigKey like(TextFormat shape) {
    return new ConfigKey(
        name, type, required, byDefault, bounds, choices, shape, passed, description);
  }

  /** The aiperf flag of this key, such as {@code --request-rate}; empty when it is not passed. */
  public Optional<String> flag() {
    return passed ? Optional.of(FlagNames.of(name)) : Optional.empty();
  }

  /** Whether a sweep may give this key its values. */
  public boolean sweepable() {
    return type != Type.OPTIONS;
  }

  /** Whether a value may be a secret by mistake, so that no message may repeat it. */
  boolean secret() {
    return form == TextFormat.VARIABLE;
  }
}
