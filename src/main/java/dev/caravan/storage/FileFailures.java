package dev.caravan.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * Describes why a file could not be used; for some failures, Java's message is only the file's
 * name.
 */
public final class FileFailures {

  private FileFailures() {}

  /** The file and the reason; for a failure without a file, its own text. */
  public static String words(Throwable failure) {
    return failure instanceof FileSystemException e
        ? e.getFile() + ": " + reason(e)
        : failure.toString();
  }

  /** The reason alone, of a failure whose file is known. */
  public static String reason(IOException failure) {
    if (failure instanceof FileSystemException e) {
      return e.getReason() == null ? kind(e) : e.getReason();
    }
    return failure.toString();
  }

  /** The same; for a failure without a file, its message alone. */
  public static String message(Throwable failure) {
    return failure instanceof FileSystemException || failure.getMessage() == null
        ? words(failure)
        : failure.getMessage();
  }

  /** Whether this process may not use the file, however often it tries. */
  public static boolean isDenied(IOException failure) {
    return failure instanceof AccessDeniedException
        || failure.getCause() instanceof AccessDeniedException;
  }

  private static String kind(FileSystemException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NoSuchFileException) {
      return "there is no such file or folder";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "is there already";
    }
    return failure instanceof NotDirectoryException
        ? "is not a folder"
        : failure.getClass().getSimpleName();
  }
}
