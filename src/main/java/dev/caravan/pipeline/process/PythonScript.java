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
 * Reads which Python a script belongs to. Only a script as an installer writes it counts, whose
 * first line names a Python and which imports {@code aiperf.cli}: a wrapper does things of its own,
 * which must not be gone around.
 */
final class PythonScript {

  private static final int READ_BYTES = 1 << 14;
  private static final String IMPORT = "aiperf.cli";
  private static final List<String> BESIDE = List.of("python", "python3");

  /** {@code #!/path/python3}, or {@code #!/usr/bin/env python3}. */
  private static final Pattern FIRST_LINE =
      Pattern.compile("\\A#! *(?:/\\S*/env +(?<name>python[\\d.]*)|(?<path>/\\S*python[\\d.]*))");

  /** What installers write when the path is too long for a first line, or holds blanks. */
  private static final Pattern THROUGH_SH =
      Pattern.compile("\\A#! */bin/sh\\n'''exec' \"?(?<path>/[^\"\\n]*?python[\\d.]*)\"? ");

  private PythonScript() {}

  /** The Python that {@code script} names; when that is gone, the one beside the script. */
  static Optional<Path> interpreter(Path script, Map<String, String> environment)
      throws IOException {
    String text;
    try (var in = Files.newInputStream(script)) {
      text = new String(in.readNBytes(READ_BYTES), StandardCharsets.UTF_8);
    }
    Matcher plain = FIRST_LINE.matcher(text);
    Matcher throughSh = THROUGH_SH.matcher(text);
    if (!text.contains(IMPORT)) {
      return Optional.empty();
    }
    if (plain.find()) {
      String name = Optional.ofNullable(plain.group("path")).orElse(plain.group("name"));
      return firstUsable(script, name, environment);
    }
    return throughSh.find()
        ? firstUsable(script, throughSh.group("path"), environment)
        : Optional.empty();
  }

  private static Optional<Path> firstUsable(
      Path script, String named, Map<String, String> environment) {
    return Stream.concat(
            located(named, script, environment).stream(),
            BESIDE.stream().map(script::resolveSibling).filter(Executables::usable))
        .findFirst();
  }

  private static Optional<Path> located(
      String named, Path script, Map<String, String> environment) {
    try {
      return Optional.of(Executables.locate(named, script.getParent(), environment));
    } catch (IOException notThere) {
      return Optional.empty(); // The venv was moved; the Python beside the script is tried.
    }
  }
}
