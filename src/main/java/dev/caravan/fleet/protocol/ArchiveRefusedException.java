package dev.caravan.fleet.protocol;

import java.io.IOException;

/** Thrown for an archive that is damaged, too large or contains a name that must not be written. */
public final class ArchiveRefusedException extends IOException {

  private static final long serialVersionUID = 1L;

  public ArchiveRefusedException(String message) {
    super(message);
  }
}
