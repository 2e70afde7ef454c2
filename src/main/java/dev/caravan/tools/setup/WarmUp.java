package dev.caravan.tools.setup;

import java.io.IOException;
import java.nio.file.Path;

/**
 * One short run of a newly installed aiperf. The first run compiles every module and is so slow
 * that its result would be degraded (measured on 0.13.0: 32 s instead of 10 s).
 */
@FunctionalInterface
public interface WarmUp {

  /**
   * Runs aiperf once and waits until it exits.
   *
   * @param aiperf the script to run
   * @param tokenizers value of TIKTOKEN_CACHE_DIR
   * @throws IOException when aiperf cannot be started; a failed run is not an error
   */
  void run(Path aiperf, Path tokenizers) throws IOException, InterruptedException;
}
