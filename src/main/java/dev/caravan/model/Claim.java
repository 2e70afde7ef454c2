package dev.caravan.model;

import java.nio.file.Path;
import java.util.UUID;

/**
 * A config that was taken out of the inbox and is being accepted.
 *
 * @param id unique for ever
 * @param name the file name it was dropped under
 * @param file where it lies now
 * @param priority of the batch when the config names none
 */
public record Claim(String id, String name, Path file, int priority) {

  private static final String SEPARATOR = "__";

  /** A claim of the usual priority. */
  public Claim(String id, String name, Path file) {
    this(id, name, file, BatchRecord.DEFAULT_PRIORITY);
  }

  /** The claim of this file in {@code .claimed/}. */
  public static Claim of(Path file) {
    String[] parts = file.getFileName().toString().split(SEPARATOR, 2);
    return new Claim(parts[0], parts[parts.length - 1], file);
  }

  /** An id that nobody had before. */
  public static String newId() {
    return UUID.randomUUID().toString().substring(0, 13).replace("-", "");
  }

  public static String fileName(String id, String name) {
    return id + SEPARATOR + name;
  }
}
