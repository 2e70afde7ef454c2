package dev.caravan.pipeline.run;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.pipeline.process.AiperfEnvironment;
import dev.caravan.pipeline.process.KeyPassing;
import dev.caravan.pipeline.process.TempFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How aiperf is executed.
 *
 * @param environment aiperf's environment
 * @param keyPassing how the API key is passed to aiperf
 * @param interruptGrace how long aiperf may take to exit after SIGINT
 * @param allowance how long any run may take beyond its benchmark_duration, whatever the limits in
 *     its config; empty for no such limit
 * @param directory aiperf's working directory
 * @param temp parent of the private temporary folders
 * @param liveOutput whether to log aiperf's output while it runs
 */
public record RunPolicy(
    Map<String, String> environment,
    KeyPassing keyPassing,
    Duration interruptGrace,
    Optional<Duration> allowance,
    Path directory,
    Path temp,
    boolean liveOutput) {

  public RunPolicy {
    environment = Map.copyOf(environment);
  }

  /** The policy of these settings. */
  public static RunPolicy of(Settings settings, boolean liveOutput) {
    return new RunPolicy(
        AiperfEnvironment.of(settings),
        KeyPassing.of(settings),
        settings.duration(Setting.AIPERF_INTERRUPT_GRACE),
        settings.durationIfAny(Setting.RUN_ALLOWANCE),
        settings.home(),
        TempFolder.parent(),
        liveOutput);
  }
}
