package dev.caravan.pipeline.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The Python of this machine, and a minimal aiperf to run in it. */
final class Python {

  private static final String PATH = findInterpreter();

  private Python() {}

  /** The real interpreter, not a shim such as pyenv's. */
  static String path() {
    return PATH;
  }

  /**
   * Creates {@code folder/aiperf}, a script like the one an installer generates, and a module
   * {@code aiperf.cli} in {@code folder/lib} with {@code body} as its source.
   */
  static Path aiperf(Path folder, String body) throws IOException {
    Path module = Files.createDirectories(folder.resolve("lib/aiperf"));
    Files.writeString(module.resolve("__init__.py"), "");
    Files.writeString(module.resolve("cli.py"), body);
    String script =
        """
        #!%s
        import sys
        if sys.argv[1:] == ["--version"]:
            print("0.13.0")
            sys.exit()
        from aiperf.cli import app
        sys.exit(app(sys.argv[1:]))
        """;
    Path aiperf = Files.writeString(folder.resolve("aiperf"), script.formatted(PATH));
    Files.setPosixFilePermissions(aiperf, PosixFilePermissions.fromString("rwxr-xr-x"));
    return aiperf;
  }

  private static String findInterpreter() {
    try {
      Process python =
          new ProcessBuilder("python3", "-c", "import sys; print(sys.executable)").start();
      return new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
