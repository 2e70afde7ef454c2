package dev.caravan.observe.retention;

import java.util.List;
import java.util.Locale;

/** Writes numbers of bytes for people, in powers of ten. */
public final class Bytes {

  private static final List<String> UNITS = List.of("kB", "MB", "GB", "TB");

  private Bytes() {}

  /** Such as {@code 850 bytes}, {@code 12.3 MB} or {@code 2.5 GB}. */
  public static String text(long bytes) {
    if (Math.abs(bytes) < 1_000) {
      return bytes + (Math.abs(bytes) == 1 ? " byte" : " bytes");
    }
    double scaled = bytes;
    int unit = -1;
    while (Math.abs(scaled) >= 999.95 && unit < UNITS.size() - 1) {
      scaled /= 1_000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", scaled, UNITS.get(Math.max(0, unit)));
  }
}
