package dev.caravan.pipeline.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Finds programs as a shell would. */
final class Executables {

  private Executables() {}

  /**
   * The absolute path of a program: a name with a slash is looked up in {@code directory}, any
   * other on the PATH of {@code environment}.
   *
   * @throws IOException when it is not there or cannot be executed; the message says so in words
   */
  static Path locate(String name, Path directory, Map<String, String> environment)
      throws IOException {
    if (name.isEmpty()) {
      throw new IOException("no program is named");
    }
    if (name.contains("/")) {
      return check(directory.resolve(name).toAbsolutePath());
    }
    String path = environment.getOrDefault("PATH", "");
    return Arrays.stream(path.split(":"))
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, name))
        .filter(Executables::usable)
        .findFirst()
        .orElseThrow(
            () -> new IOException("'" + name + "' is in no folder of PATH (" + path + ")"));
  }

  /** Whether it is a file that may be executed. */
  static boolean usable(Path program) {
    return Files.isRegularFile(program) && Files.isExecutable(program);
  }

  private static Path check(Path program) throws IOException {
    if (!Files.exists(program)) {
      throw new IOException("'" + program + "' is not there");
    }
    if (!Files.isRegularFile(program)) {
      throw new IOException("'" + program + "' is not a file");
    }
    if (!Files.isExecutable(program)) {
      throw new IOException("'" + program + "' is not executable (chmod +x makes it so)");
    }
    return program;
  }
}
