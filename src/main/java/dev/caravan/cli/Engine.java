package dev.caravan.cli;

import dev.caravan.config.settings.Settings;
import dev.caravan.model.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What commands need of the running pipeline; the only thing behind it is Camel. */
public interface Engine {

  /** Serves the home until told to stop; returns the exit code. */
  int serve(Settings settings);

  /** Runs one config here and now; returns the exit code. */
  int run(Settings settings, OneShot oneShot);

  /** Goes on with the unfinished batch of a one-shot run; returns the exit code. */
  int resume(Settings settings, Path batchFolder, Outcome failOn, RunOutputs outputs);

  /**
   * One config to run.
   *
   * @param config the file
   * @param patience how long to wait for the target before the first run; empty for not at all
   * @param failOn the mildest outcome that makes the command fail
   * @param outputs what to leave for other programs
   */
  record OneShot(Path config, Optional<Duration> patience, Outcome failOn, RunOutputs outputs) {}
}
