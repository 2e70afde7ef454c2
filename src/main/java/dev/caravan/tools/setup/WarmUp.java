package dev.caravan.tools.setup;

import java.io.IOException;
import java.nio.file.Path;

/**
 * One tiny run of a fresh aiperf. The first run after an install compiles every module and is slow
 * enough for aiperf to call its own result degraded (measured on 0.13.0: 32 s instead of 10 s).
 */
@FunctionalInterface
public interface WarmUp {

  /**
   * Runs it once and waits for its end.
   *
   * @param aiperf the script to run
   * @param tokenizers value for its TIKTOKEN_CACHE_DIR
   * @throws IOException when it cannot be run; a run that fails is no error here
   */
  void run(Path aiperf, Path tokenizers) throws IOException, InterruptedException;
}
