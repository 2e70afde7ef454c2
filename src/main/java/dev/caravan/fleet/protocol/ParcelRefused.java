package dev.caravan.fleet.protocol;

import java.io.IOException;

/** A parcel that is damaged, too big, or holds a name that must not be written. */
public final class ParcelRefused extends IOException {

  private static final long serialVersionUID = 1L;

  public ParcelRefused(String words) {
    super(words);
  }
}
