package dev.caravan.storage;

import java.nio.file.FileSystemException;

/**
 * What is in the place of a file is certainly not what belongs there: something else than a file,
 * too much, or content that is not valid. A file that cannot be read at the moment is not damaged.
 */
public final class DamagedFileException extends FileSystemException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception with the reason why this file is damaged. */
  public DamagedFileException(String file, String reason) {
    super(file, null, reason);
  }

  /** Creates an exception with this message. */
  DamagedFileException(String message, Throwable cause) {
    super(null, null, message);
    initCause(cause);
  }
}
