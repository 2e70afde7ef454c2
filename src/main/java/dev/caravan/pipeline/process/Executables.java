package dev.caravan.pipeline.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Finds programs the way a shell does. */
final class Executables {

  private Executables() {}

  /**
   * The absolute path of a program. A name with a slash is resolved against {@code directory}, any
   * other name is searched on the PATH of {@code environment}.
   *
   * @throws IOException if it does not exist or is not executable; the message says which
   */
  static Path locate(String name, Path directory, Map<String, String> environment)
      throws IOException {
    if (name.isEmpty()) {
      throw new IOException("no program given");
    }
    if (name.contains("/")) {
      return check(directory.resolve(name).toAbsolutePath());
    }
    String path = environment.getOrDefault("PATH", "");
    return Arrays.stream(path.split(":"))
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, name))
        .filter(Executables::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IOException("'" + name + "' is not on PATH (" + path + ")"));
  }

  /** Whether this is a regular file that we may execute. */
  static boolean isExecutable(Path program) {
    return Files.isRegularFile(program) && Files.isExecutable(program);
  }

  private static Path check(Path program) throws IOException {
    if (!Files.exists(program)) {
      throw new IOException("'" + program + "' does not exist");
    }
    if (!Files.isRegularFile(program)) {
      throw new IOException("'" + program + "' is not a file");
    }
    if (!Files.isExecutable(program)) {
      throw new IOException("'" + program + "' is not executable (use chmod +x)");
    }
    return program;
  }
}
