package dev.caravan.pipeline.process;

import dev.caravan.storage.RegularFiles;
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

/** Runs {@code aiperf --version} and finds the Python interpreter of the aiperf script. */
final class AiperfProbe {

  private static final Pattern VERSION = Pattern.compile("\\b\\d+\\.\\d+(\\.?\\w+)*+");
  private static final String ADVICE = ". 'caravan setup' installs a working aiperf";
  private static final int READ_BYTES = 1 << 16;

  private final ProcessRunner runner = new ProcessRunner();
  private final Map<String, String> environment;
  private final Duration limit;

  AiperfProbe(Map<String, String> environment, Duration limit) {
    this.environment = environment;
    this.limit = limit;
  }

  AiperfInstall check(Path command) throws IOException {
    Path folder = TempFolder.newPath(TempFolder.parent());
    TempFolder.create(folder);
    try {
      Path stdout = folder.resolve("stdout");
      Path stderr = folder.resolve("stderr");
      ProcessExit exit =
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
      return judge(command, exit, stdout, stderr);
    } finally {
      TempFolder.remove(folder);
    }
  }

  private AiperfInstall judge(Path command, ProcessExit exit, Path stdout, Path stderr)
      throws IOException {
    String call = "'" + command + " --version'";
    if (exit.how() == ProcessExit.How.NOT_STARTED) {
      return new AiperfInstall.Unusable(
          "'%s' cannot be started: %s%s"
              .formatted(
                  command,
                  exit.message(),
                  ProcessStarter.blamesHost(exit.message()) ? "" : ADVICE));
    }
    if (exit.how() != ProcessExit.How.EXITED) {
      return new AiperfInstall.Unusable(
          "%s did not finish within %d s. Does it work in a shell?"
              .formatted(call, limit.toSeconds()));
    }
    if (exit.returnCode() != 0) {
      return new AiperfInstall.Unusable(
          "%s exited %d%s%s".formatted(call, exit.returnCode(), lastLine(stderr), ADVICE));
    }
    Matcher version = VERSION.matcher(text(stdout));
    return version.find()
        ? new AiperfInstall.Usable(command, version.group(), interpreter(command))
        : new AiperfInstall.Unusable(call + " printed no version: is it aiperf?");
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
    try (var in = RegularFiles.stream(file)) {
      return new String(in.readNBytes(READ_BYTES), StandardCharsets.UTF_8);
    }
  }
}
