package dev.caravan.model;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A config that was moved out of the inbox and is being accepted.
 *
 * @param id globally unique id
 * @param name its file name in the inbox
 * @param file its current path
 * @param priority priority of the batch if the config sets none
 */
public record Claim(String id, String name, Path file, int priority) {

  private static final String SEPARATOR = "__";
  private static final int MAX_BYTES = 200;
  private static final int MAX_EXTENSION = 8;

  /** A claim with the default priority. */
  public Claim(String id, String name, Path file) {
    this(id, name, file, BatchRecord.DEFAULT_PRIORITY);
  }

  /** The claim that a file in {@code .claimed/} stands for. */
  public static Claim of(Path file) {
    String[] parts = file.getFileName().toString().split(SEPARATOR, 2);
    return new Claim(parts[0], parts[parts.length - 1], file);
  }

  /** A new unique id: 12 hex digits. */
  public static String newId() {
    return UUID.randomUUID().toString().substring(0, 13).replace("-", "");
  }

  /** The name of a claimed file: {@code <claim id>__<name>}, the name {@link #shortened}. */
  public static String fileName(String id, String name) {
    return id + SEPARATOR + shortened(name);
  }

  /**
   * The name that a file from the inbox is archived under: one that leaves no room for a claim id
   * and for the endings of problem files loses its middle.
   */
  public static String shortened(String name) {
    int dot = Math.max(name.lastIndexOf('.'), name.length() - MAX_EXTENSION);
    int end = name.length();
    while (bytes(name.substring(0, end)) > MAX_BYTES) {
      end--;
    }
    return end == name.length()
        ? name
        : name.substring(0, Character.isHighSurrogate(name.charAt(end - 1)) ? end - 1 : end)
            + "~"
            + name.substring(Math.max(dot, end));
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
