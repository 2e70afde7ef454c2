package dev.caravan.fleet.protocol;

import java.io.IOException;

/** A parcel that is damaged, too big, or holds a name that must not be written. */
public final class ArchiveRefusedException extends IOException {

  private static final long serialVersionUID = 1L;

  public ArchiveRefusedException(String message) {
    super(message);
  }
}
