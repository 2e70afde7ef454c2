package dev.caravan.pipeline.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the Python interpreter of a script. Only installer-generated scripts count: the first line
 * names a Python and the script imports {@code aiperf.cli}. A wrapper may do more than start
 * aiperf, so it must not be bypassed.
 */
final class PythonScript {

  private static final int READ_BYTES = 1 << 14;
  private static final String IMPORT = "aiperf.cli";
  private static final List<String> SIBLINGS = List.of("python", "python3");

  /** {@code #!/path/python3}, or {@code #!/usr/bin/env python3}. */
  private static final Pattern SHEBANG =
      Pattern.compile("\\A#! *(?:/\\S*/env +(?<name>python[\\d.]*)|(?<path>/\\S*python[\\d.]*))");

  /** What installers write if the path is too long for a shebang or contains spaces. */
  private static final Pattern SHELL_SHEBANG =
      Pattern.compile("\\A#! */bin/sh\\n'''exec' \"?(?<path>/[^\"\\n]*?python[\\d.]*)\"? ");

  private PythonScript() {}

  /** The Python that {@code script} names or, if that is missing, the one in the same folder. */
  static Optional<Path> interpreter(Path script, Map<String, String> environment)
      throws IOException {
    String text;
    try (var in = Files.newInputStream(script)) {
      text = new String(in.readNBytes(READ_BYTES), StandardCharsets.UTF_8);
    }
    Matcher shebang = SHEBANG.matcher(text);
    Matcher shellShebang = SHELL_SHEBANG.matcher(text);
    if (!text.contains(IMPORT)) {
      return Optional.empty();
    }
    if (shebang.find()) {
      String name = Optional.ofNullable(shebang.group("path")).orElse(shebang.group("name"));
      return firstUsable(script, name, environment);
    }
    return shellShebang.find()
        ? firstUsable(script, shellShebang.group("path"), environment)
        : Optional.empty();
  }

  private static Optional<Path> firstUsable(
      Path script, String name, Map<String, String> environment) {
    return Stream.concat(
            located(name, script, environment).stream(),
            SIBLINGS.stream().map(script::resolveSibling).filter(Executables::isExecutable))
        .findFirst();
  }

  private static Optional<Path> located(String name, Path script, Map<String, String> environment) {
    try {
      return Optional.of(Executables.locate(name, script.getParent(), environment));
    } catch (IOException missing) {
      return Optional.empty(); // The venv was moved; try the Python in its folder.
    }
  }
}
