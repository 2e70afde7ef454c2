package dev.caravan.tools.setup;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Python interpreter on this machine.
 *
 * @param path the interpreter
 * @param version such as {@code 3.12}
 * @param hasVenv whether it can create virtual environments; Debian packages that separately
 */
record Python(Path path, String version, boolean hasVenv) {

  private static final List<String> NAMES =
      List.of("python3.13", "python3.12", "python3.11", "python3", "python");
  private static final List<String> SUPPORTED = List.of("3.11", "3.12", "3.13");
  private static final String PROBE_SCRIPT =
      """
      import sys
      print('%d.%d' % sys.version_info[:2])
      try:
          import venv, ensurepip
          print('venv')
      except ImportError:
          print('no venv')
      """;

  /**
   * Finds the newest supported Python on PATH that can create virtual environments.
   *
   * @throws SetupFailedException when there is none; the message names the command that installs
   *     one
   */
  static Python find(Map<String, String> environment, Distribution distribution)
      throws SetupFailedException, InterruptedException {
    List<String> unsupported = new ArrayList<>();
    Optional<Python> withoutVenv = Optional.empty();
    for (Path candidate : candidates(environment)) {
      Optional<Python> python = probe(candidate, environment);
      if (python.isEmpty()) {
        continue;
      }
      if (!SUPPORTED.contains(python.get().version())) {
        unsupported.add(candidate + " is " + python.get().version());
      } else if (python.get().hasVenv()) {
        return python.get();
      } else if (withoutVenv.isEmpty()) {
        withoutVenv = python;
      }
    }
    throw withoutVenv
        .map(python -> lacksVenv(python, distribution))
        .orElseGet(() -> missing(unsupported, distribution));
  }

  private static SetupFailedException lacksVenv(Python python, Distribution distribution) {
    return new SetupFailedException(
        "%s (Python %s) cannot create virtual environments: its venv module is missing.\n  %s"
            .formatted(
                python.path(), python.version(), distribution.venvCommand(python.version())));
  }

  private static SetupFailedException missing(List<String> unsupported, Distribution distribution) {
    String found = unsupported.isEmpty() ? "none found on PATH" : String.join(", ", unsupported);
    return new SetupFailedException(
        "aiperf needs Python 3.11, 3.12 or 3.13; %s.\n  %s"
            .formatted(found, distribution.pythonCommand()));
  }

  private static List<Path> candidates(Map<String, String> environment) {
    List<Path> found = new ArrayList<>();
    for (String name : NAMES) {
      for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
        Path file = Path.of(folder.isEmpty() ? "." : folder, name);
        if (Files.isExecutable(file) && !Files.isDirectory(file)) {
          found.add(file);
        }
      }
    }
    return found;
  }

  private static Optional<Python> probe(Path candidate, Map<String, String> environment)
      throws InterruptedException {
    try {
      SetupProcess.Result result =
          SetupProcess.query(List.of(candidate.toString(), "-c", PROBE_SCRIPT), environment);
      // stdout and stderr are merged, so warnings may come first.
      List<String> lines = result.output().strip().lines().toList();
      int last = lines.size() - 1;
      return result.code() == 0 && last >= 1
          ? Optional.of(new Python(candidate, lines.get(last - 1), lines.get(last).equals("venv")))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
