package dev.caravan.remote;

import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;

/** Which names a parcel may bring into a run folder. */
final class ParcelNames {

  private static final int LONGEST = 1024;
  private static final Pattern PART = Pattern.compile("[^/\\\\\\p{Cntrl}]{1,255}");

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

  private ParcelNames() {}

  /** Whether it is a relative path below the folder that names nothing of the hub's. */
  static boolean allowed(String name) {
    if (name == null || name.isEmpty() || name.length() > LONGEST) {
      return false;
    }
    String[] parts = name.split("/", -1);
    return Arrays.stream(parts).allMatch(ParcelNames::allowedPart)
        && !OF_THE_HUB.contains(parts[0])
        && !parts[0].startsWith("report.");
  }

  private static boolean allowedPart(String part) {
    return PART.matcher(part).matches() && !part.equals("..") && !part.equals(".");
  }
}
