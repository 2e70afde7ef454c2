package dev.caravan.pipeline.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The processes that this one sees: those of its container, or of the whole host. */
public final class PidNamespace {

  private static final String CURRENT = read();

  private PidNamespace() {}

  /** The kernel's name of it; empty where it cannot be read. */
  public static String current() {
    return CURRENT;
  }

  private static String read() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
