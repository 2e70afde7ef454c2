package dev.caravan.fleet.protocol;

import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.RunFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Decides which file names a result archive may contain, and finds one for each file of a run: a
 * name that no archive may contain is percent-encoded, so that it costs the run none of its files.
 */
final class ArchiveNames {

  private static final int MAX_LENGTH = 1024;

  /** The name of files whose own name becomes too long. */
  private static final String TOO_LONG = "renamed";

  /** Longest file name that file systems accept, in bytes. */
  private static final int MAX_PART_BYTES = 255;

  private static final Pattern PART = Pattern.compile("[^/\\\\\\p{Cntrl}]+");

  private ArchiveNames() {}

  /** The files with their names in an archive, in the same order; all names are different. */
  static Map<String, Path> of(Path folder, List<Path> files) {
    List<String> names = files.stream().map(file -> folder.relativize(file).toString()).toList();
    Taken taken = new Taken(names);
    Map<String, Path> result = new LinkedHashMap<>();
    for (int i = 0; i < files.size(); i++) {
      String name = names.get(i);
      result.put(isAllowed(name) ? name : taken.unused(encoded(name)), files.get(i));
    }
    return result;
  }

  /** Names in an archive, and the folders that they are in. Each search takes constant time. */
  private static final class Taken {

    private final Set<String> names = new HashSet<>();
    private final Set<String> folders = new HashSet<>();
    private final Map<String, Integer> next = new HashMap<>();

    Taken(List<String> names) {
      names.forEach(this::add);
    }

    /** The name, or one that begins with it and that no other file has; takes it. */
    String unused(String name) {
      String unused = name;
      while (isTaken(unused)) {
        unused = name + "~" + next.merge(name, 2, (n, first) -> n + 1);
      }
      add(unused);
      return unused;
    }

    private boolean isTaken(String name) {
      return names.contains(name) || folders.contains(name) || isBelowAny(names, name);
    }

    private void add(String name) {
      names.add(name);
      for (int at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
        folders.add(name.substring(0, at));
      }
    }
  }

  private static String encoded(String name) {
    StringBuilder encoded = new StringBuilder();
    name.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c) || c == '\\') {
                encoded.append("%%%02X".formatted(c));
              } else {
                encoded.appendCodePoint(c);
              }
            });
    return Stream.of(
            encoded.toString(),
            "%%%02X".formatted((int) encoded.charAt(0)) + encoded.substring(1)) // reserved
        .filter(ArchiveNames::isAllowed)
        .findFirst()
        .orElse(TOO_LONG);
  }

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
        && !part.equals(".")
        && isPath(part);
  }

  /** Not half a character, nor one that the locale of this process lacks. */
  private static boolean isPath(String part) {
    try {
      return Path.of(part).getNameCount() == 1;
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
