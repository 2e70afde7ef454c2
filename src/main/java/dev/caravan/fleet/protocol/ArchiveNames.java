package dev.caravan.fleet.protocol;

import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.RunFolder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;

/** Decides which file names a result archive may contain. */
final class ArchiveNames {

  private static final int MAX_LENGTH = 1024;

  /** Longest file name that file systems accept, in bytes. */
  private static final int MAX_PART_BYTES = 255;

  private static final Pattern PART = Pattern.compile("[^/\\\\\\p{Cntrl}]+");

  private ArchiveNames() {}

  /** Whether the name is a relative path inside the run folder that no file of the hub has. */
  static boolean isAllowed(String name) {
    if (name == null || name.isEmpty() || name.length() > MAX_LENGTH) {
      return false;
    }
    String[] parts = name.split("/", -1);
    return Arrays.stream(parts).allMatch(ArchiveNames::isAllowedPart)
        && !BatchFolder.owns(parts[0])
        && !parts[0].equals(RunFolder.ATTEMPTS);
  }

  /** Whether one of the names is a parent folder of this name, so that both cannot exist. */
  static boolean isBelowAny(Set<String> names, String name) {
    for (int at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
      if (names.contains(name.substring(0, at))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAllowedPart(String part) {
    return PART.matcher(part).matches()
        && part.getBytes(StandardCharsets.UTF_8).length <= MAX_PART_BYTES
        && !part.equals("..")
        && !part.equals(".");
  }
}
