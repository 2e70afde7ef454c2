package dev.caravan.pipeline.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;

/** Recognizes disk errors: they are not the run's fault, so it is retried until they are gone. */
final class DiskErrors {

  private static final int MAX_DEPTH = 20;

  private DiskErrors() {}

  /** What caused this failure in the first place, without what routes wrapped around it. */
  static Throwable rootCause(Throwable failure) {
    return Stream.iterate(failure, e -> e != null, Throwable::getCause)
        .limit(MAX_DEPTH)
        .reduce(failure, (outer, inner) -> inner);
  }

  /** Whether an I/O error caused this failure. */
  static boolean isCauseOf(Throwable failure) {
    return Stream.iterate(failure, e -> e != null, Throwable::getCause)
        .limit(MAX_DEPTH)
        .anyMatch(e -> e instanceof IOException || e instanceof UncheckedIOException);
  }
}
