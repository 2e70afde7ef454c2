package dev.caravan.cli;

import dev.caravan.config.Overrides;
import dev.caravan.config.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The pipeline as the commands see it. Its implementation is the only part that needs Camel. */
public interface Engine {

  /** Serves the home until stopped; returns the exit code. */
  int serve(Settings settings);

  /** Runs one config here and now; returns the exit code. */
  int run(Settings settings, OneShot oneShot);

  /** Resumes the unfinished batch of a one-shot run; returns the exit code. */
  int resume(Settings settings, Path batchFolder, RunOutputs outputs);

  /** The routes that a daemon of these settings would load, and what is wrong with them. */
  RouteOverview routes(Settings settings) throws IOException;

  /**
   * One config to run.
   *
   * @param config the file
   * @param overrides what is set over it
   * @param patience how long to wait for the target before the first run; empty to not wait
   * @param outputs the machine-readable results to write
   */
  record OneShot(
      Path config, Overrides overrides, Optional<Duration> patience, RunOutputs outputs) {}
}
