package dev.caravan.pipeline.environment;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalDouble;

/** Reads files of the kernel, which are empty here where the kernel has none. */
final class KernelFile {

  /** Enough for the lines of a few hundred CPUs. */
  private static final int MAX_BYTES = 1 << 20;

  private static final int START_BYTES = 4_096;
  private static final long KIBIBYTE = 1_024;

  private KernelFile() {}

  /** Its text; empty if there is no such file. */
  static String text(String file) {
    return text(file, MAX_BYTES);
  }

  /** The first 4 KiB of its text; empty if there is no such file. */
  static String start(String file) {
    return text(file, START_BYTES);
  }

  /** What stands after a name and a colon in the first line that begins with the name. */
  static Optional<String> value(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  /** A size in a file such as /proc/meminfo, which has them in KiB. */
  static OptionalDouble bytes(String file, String name) {
    return value(text(file), name)
        .map(value -> value.replaceFirst(" kB$", ""))
        .filter(value -> value.matches("\\d{1,15}"))
        .map(value -> OptionalDouble.of(Long.parseLong(value) * KIBIBYTE))
        .orElse(OptionalDouble.empty());
  }

  private static String text(String file, int maxBytes) {
    try (InputStream in = new FileInputStream(file)) {
      return new String(in.readNBytes(maxBytes), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return ""; // this kernel, or this container, does not have it
    }
  }
}
