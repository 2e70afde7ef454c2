package dev.caravan.app;

import dev.caravan.storage.FileFailures;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A step of the start that reads what an earlier process left. */
@FunctionalInterface
interface StartStep {

  /** Takes the step. */
  void run() throws IOException;

  /** Takes a step, or logs why that failed: one bad file must not keep the daemon from starting. */
  static void tryTo(String what, StartStep step) {
    try {
      step.run();
    } catch (IOException | RuntimeException | StackOverflowError e) {
      Logger log = LoggerFactory.getLogger(StartStep.class);
      log.error("Cannot {}: {}", what, FileFailures.words(e));
    }
  }
}
