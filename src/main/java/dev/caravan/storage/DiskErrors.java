package dev.caravan.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Recognizes disk errors, such as a full disk. They are no defect of Caravan, so that what failed
 * is tried again and logged without a stack trace.
 */
public final class DiskErrors {

  private static final int MAX_DEPTH = 20;

  private DiskErrors() {}

  /** What caused this failure in the first place, without what routes wrapped around it. */
  public static Throwable rootCause(Throwable failure) {
    return chain(failure).reduce(failure, (outer, inner) -> inner);
  }

  /** Whether an I/O error caused this failure. */
  public static boolean isCauseOf(Throwable failure) {
    return chain(failure)
        .anyMatch(e -> e instanceof IOException || e instanceof UncheckedIOException);
  }

  /** The I/O error that caused this failure, if one did: the innermost, which names the file. */
  public static Optional<IOException> in(Throwable failure) {
    return chain(failure)
        .filter(IOException.class::isInstance)
        .map(IOException.class::cast)
        .reduce((outer, inner) -> inner);
  }

  private static Stream<Throwable> chain(Throwable failure) {
    return Stream.iterate(failure, e -> e != null, Throwable::getCause).limit(MAX_DEPTH);
  }
}
