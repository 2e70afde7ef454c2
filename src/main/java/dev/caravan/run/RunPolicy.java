package dev.caravan.run;

import dev.caravan.exec.KeyPassing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How runs are executed.
 *
 * @param environment the environment that aiperf gets
 * @param keyPassing how aiperf gets its key
 * @param interruptGrace how long SIGINT may take
 * @param allowance what a run may take beyond its benchmark_duration
 * @param directory aiperf's working directory
 * @param temp folder for the private temporary folders
 * @param liveOutput whether aiperf's output is logged as it comes
 */
public record RunPolicy(
    Map<String, String> environment,
    KeyPassing keyPassing,
    Duration interruptGrace,
    Duration allowance,
    Path directory,
    Path temp,
    boolean liveOutput) {

  public RunPolicy {
    environment = Map.copyOf(environment);
  }
}
