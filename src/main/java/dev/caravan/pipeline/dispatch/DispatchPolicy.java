package dev.caravan.pipeline.dispatch;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import java.time.Duration;

/**
 * How dispatch behaves.
 *
 * @param capacity how many runs each pool can execute at once
 * @param gate is checked before every release
 * @param interval pause after the first failed readiness check of a target; later pauses grow
 * @param patience how long a batch waits for a target; its {@code readiness} section overrides both
 *     durations
 */
public record DispatchPolicy(
    Capacity capacity, ReleaseGate gate, Duration interval, Duration patience) {

  /** The policy in the settings. */
  public static DispatchPolicy of(Settings settings, Capacity capacity, ReleaseGate gate) {
    return new DispatchPolicy(
        capacity,
        gate,
        settings.duration(Setting.READINESS_INTERVAL),
        settings.duration(Setting.READINESS_WAIT));
  }
}
