package dev.caravan.pipeline.run;

import dev.caravan.pipeline.process.KeyPassing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How runs are executed.
 *
 * @param environment the environment that aiperf gets
 * @param keyPassing how aiperf gets its key
 * @param interruptGrace how long SIGINT may take
 * @param allowance what any run may take beyond its benchmark_duration, whatever its config's
 *     limits; empty for no such bound
 * @param directory aiperf's working directory
 * @param temp folder for the private temporary folders
 * @param liveOutput whether aiperf's output is logged as it comes
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
}
