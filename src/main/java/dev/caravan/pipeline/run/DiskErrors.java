package dev.caravan.pipeline.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;

/** Failures that are no fault of a run: it is tried again for as long as they last. */
final class DiskErrors {

  private static final int DEEPEST_CAUSE = 20;

  private DiskErrors() {}

  /** Whether a full or failing disk is behind this. */
  static boolean causes(Throwable failure) {
    return Stream.iterate(failure, e -> e != null, Throwable::getCause)
        .limit(DEEPEST_CAUSE)
        .anyMatch(e -> e instanceof IOException || e instanceof UncheckedIOException);
  }
}
