package dev.caravan.pipeline.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks one aiperf for its version, and its script for the Python it runs in. */
final class AiperfProbe {

  private static final Pattern VERSION = Pattern.compile("\\b\\d+\\.\\d+(\\.?\\w+)*");
  private static final int READ_BYTES = 1 << 16;

  private final ProcessRunner runner = new ProcessRunner();
  private final Map<String, String> environment;
  private final Duration limit;

  AiperfProbe(Map<String, String> environment, Duration limit) {
    this.environment = environment;
    this.limit = limit;
  }

  AiperfInstall ask(Path command) throws IOException {
    Path folder = TempFolder.fresh(Path.of(System.getProperty("java.io.tmpdir")));
    TempFolder.create(folder);
    try {
      Path stdout = folder.resolve("stdout");
      Path stderr = folder.resolve("stderr");
      ProcessExit ended =
          runner.run(
              new Launch(
                  List.of(command.toString(), "--version"),
                  environment,
                  folder,
                  stdout,
                  stderr,
                  folder.resolve("t"),
                  limit,
                  Duration.ZERO),
              new StopSignal());
      return judge(command, ended, stdout, stderr);
    } finally {
      TempFolder.remove(folder);
    }
  }

  private AiperfInstall judge(Path command, ProcessExit ended, Path stdout, Path stderr)
      throws IOException {
    String asked = "'" + command + " --version'";
    if (ended.how() == ProcessExit.How.NOT_STARTED) {
      return new AiperfInstall.Unusable("'" + command + "' cannot be started: " + ended.message());
    }
    if (ended.how() != ProcessExit.How.EXITED) {
      return new AiperfInstall.Unusable(
          "%s gave no answer within %d s. Does it run by hand?"
              .formatted(asked, limit.toSeconds()));
    }
    if (ended.returnCode() != 0) {
      return new AiperfInstall.Unusable(
          "%s exited %d%s. 'caravan setup' installs one that works"
              .formatted(asked, ended.returnCode(), lastLine(stderr)));
    }
    Matcher version = VERSION.matcher(text(stdout));
    return version.find()
        ? new AiperfInstall.Usable(command, version.group(), interpreter(command))
        : new AiperfInstall.Unusable(asked + " printed no version: is it aiperf?");
  }

  private Optional<Path> interpreter(Path command) throws IOException {
    return PythonScript.interpreter(command.toRealPath(), environment);
  }

  private static String lastLine(Path stderr) throws IOException {
    return text(stderr)
        .lines()
        .filter(line -> !line.isBlank())
        .reduce((first, second) -> second)
        .map(line -> ": " + line.strip())
        .orElse("");
  }

  private static String text(Path file) throws IOException {
    if (!Files.exists(file)) {
      return "";
    }
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(READ_BYTES), StandardCharsets.UTF_8);
    }
  }
}
