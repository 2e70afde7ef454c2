package dev.caravan.remote;

import java.io.IOException;

/** A parcel that is damaged, too big, or holds a name that must not be written. */
final class ParcelRefused extends IOException {

  private static final long serialVersionUID = 1L;

  ParcelRefused(String words) {
    super(words);
  }
}
