package dev.caravan;

import dev.caravan.testing.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** Damages a file. */
interface Damage {

  void to(Path file) throws Exception;

  /** What damages a file in this way. */
  static Damage of(String kind) {
    return switch (kind) {
      case "missing" -> Files::delete;
      case "empty" -> file -> Files.write(file, new byte[0]);
      case "cut" ->
          file ->
              Files.write(
                  file, Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) / 2));
      case "garbage" -> Damage::garbage;
      case "a folder" ->
          file -> {
            Files.delete(file);
            Files.createDirectory(file);
          };
      case "a dangling link" ->
          file -> {
            Files.delete(file);
            Files.createSymbolicLink(file, Path.of("nowhere"));
          };
      case "a link out" ->
          file -> {
            Files.delete(file);
            Files.createSymbolicLink(file, Path.of("/etc/passwd"));
          };
      case "a FIFO" ->
          file -> {
            Files.delete(file);
            Fifo.create(file);
          };
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static void garbage(Path file) throws IOException {
    byte[] bytes = new byte[5_000];
    new Random(7).nextBytes(bytes);
    Files.write(file, bytes);
  }
}
