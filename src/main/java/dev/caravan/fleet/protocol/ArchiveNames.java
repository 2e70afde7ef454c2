package dev.caravan.fleet.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;

/** Which names a parcel may bring into a run folder. */
final class ArchiveNames {

  private static final int LONGEST = 1024;

  /** Of a name on a disk, in bytes. */
  private static final int LONGEST_PART = 255;

  private static final Pattern PART = Pattern.compile("[^/\\\\\\p{Cntrl}]+");

  /** A run without sweeps lies in the folder of its batch, whose own files no worker writes. */
  private static final Set<String> OF_THE_HUB =
      Set.of(
          "config.yaml",
          "batch.json",
          "control.json",
          "summary.json",
          "results.csv",
          "lock",
          "attempts");

  private ArchiveNames() {}

  /** Whether it is a relative path below the folder that names nothing of the hub's. */
  static boolean allowed(String name) {
    if (name == null || name.isEmpty() || name.length() > LONGEST) {
      return false;
    }
    String[] parts = name.split("/", -1);
    return Arrays.stream(parts).allMatch(ArchiveNames::allowedPart)
        && !OF_THE_HUB.contains(parts[0])
        && !parts[0].startsWith("report.");
  }

  /** Whether it lies below what another name makes a file. */
  static boolean belowOneOf(Set<String> names, String name) {
    for (int at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
      if (names.contains(name.substring(0, at))) {
        return true;
      }
    }
    return false;
  }

  private static boolean allowedPart(String part) {
    return PART.matcher(part).matches()
        && part.getBytes(StandardCharsets.UTF_8).length <= LONGEST_PART
        && !part.equals("..")
        && !part.equals(".");
  }
}
