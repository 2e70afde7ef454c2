package dev.caravan.storage;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** Names of temporary files, and the lengths of names and paths that Linux allows. */
public final class FileNames {

  private static final String TEMPORARY = ".tmp";

  /** A UUID before the ending, or the time of a batch with the ID of a claim or a delivery. */
  private static final Pattern MADE =
      Pattern.compile(
          "\\.(.*\\.)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\.tmp"
              + "|\\.[0-9]{8}_[0-9]{6}(_[0-9]{1,9})?\\.[0-9a-f]{8,32}\\.tmp");

  private static final int MAX_NAME_BYTES = 255;
  private static final int MAX_PATH_BYTES = 4_095;

  private FileNames() {}

  /** Whether no file can have this path; names come from requests, too. */
  static boolean isTooLong(Path path) {
    return bytes(path.toString()) > MAX_PATH_BYTES
        || StreamSupport.stream(path.spliterator(), false)
            .anyMatch(name -> bytes(name.toString()) > MAX_NAME_BYTES);
  }

  /** A name beside a file for what is to become its content. */
  static Path temporaryFor(Path file) {
    String ending = "." + UUID.randomUUID() + TEMPORARY;
    String name = "." + file.getFileName() + ending;
    return file.resolveSibling(bytes(name) <= MAX_NAME_BYTES ? name : ending);
  }

  /** Whether a file was to become the content of this one, whose name is not too long. */
  public static boolean isTemporaryFor(Path file, Path entry) {
    String name = entry.getFileName().toString();
    return name.startsWith("." + file.getFileName() + ".") && name.endsWith(TEMPORARY);
  }

  /** Whether this is what a file or folder is called while it is made, and nobody else's name. */
  static boolean isTemporary(Path entry) {
    return MADE.matcher(entry.getFileName().toString()).matches();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
