package dev.caravan.config;

import dev.caravan.config.Hook.OnFailure;
import java.util.List;
import java.util.Locale;

/** When a hook runs. */
public enum HookEvent {
  /** Once before the first run of a batch, on the owner of the batch. */
  BEFORE_BATCH(
      "Runs before the first run of the batch.", List.of(OnFailure.STOP, OnFailure.CONTINUE)),
  /** Before a run whose variant is not the last one that its target was prepared for. */
  BEFORE_VARIANT(
      "Runs before the first run of a variant, and at each change of variant on a service.",
      List.of(OnFailure.SKIP, OnFailure.STOP, OnFailure.CONTINUE)),
  /** Before each attempt of a run, before its target is probed. */
  BEFORE_POINT(
      "Runs before each attempt of a run.",
      List.of(OnFailure.SKIP, OnFailure.STOP, OnFailure.CONTINUE)),
  /** After each attempt of a run, before its result is recorded. */
  AFTER_POINT("Runs after each attempt of a run.", List.of(OnFailure.CONTINUE, OnFailure.STOP)),
  /** Once after the last run of a batch, on the owner of the batch. */
  AFTER_BATCH("Runs after the last run of the batch.", List.of(OnFailure.CONTINUE));

  private final String description;
  private final List<OnFailure> choices;

  HookEvent(String description, List<OnFailure> choices) {
    this.description = description;
    this.choices = choices;
  }

  /** Its key in a config, such as {@code before_batch}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it concerns the whole batch, so that the owner of the batch runs its hook. */
  public boolean isOfBatch() {
    return this == BEFORE_BATCH || this == AFTER_BATCH;
  }

  /** Whether its hook runs before the target is probed. */
  public boolean mayStartTarget() {
    return this == BEFORE_BATCH || this == BEFORE_VARIANT || this == BEFORE_POINT;
  }

  /** When it occurs, in one sentence. */
  String description() {
    return description;
  }

  /** What may follow from a failure of its hook; the first is the default. */
  List<OnFailure> choices() {
    return choices;
  }
}
