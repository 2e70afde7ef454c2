package dev.caravan.tools.setup;

import dev.caravan.storage.SetupLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Creates the virtual environment of one aiperf version. It is created in its final folder, since
 * its scripts contain absolute paths; a marker file written last shows that it is complete.
 */
final class AiperfVenv {

  private static final int ERROR_LINES = 15;

  private final SetupLocation location;
  private final Map<String, String> environment;
  private final SetupProgress progress;
  private final Duration progressInterval;

  AiperfVenv(
      SetupLocation location,
      Map<String, String> environment,
      SetupProgress progress,
      Duration progressInterval) {
    this.location = location;
    this.environment = environment;
    this.progress = progress;
    this.progressInterval = progressInterval;
  }

  /** Whether the environment is complete and its aiperf still runs. */
  boolean isInstalled(String version) throws IOException, InterruptedException {
    return Files.exists(location.completeMarker(version))
        && versionOf(location.aiperf(version)).filter(version::equals).isPresent();
  }

  /** The output of {@code aiperf --version}; empty when this is not a working aiperf. */
  Optional<String> versionOf(Path aiperf) throws InterruptedException {
    try {
      SetupProcess.Result result =
          SetupProcess.query(List.of(aiperf.toString(), "--version"), environment);
      String[] lines = result.output().strip().split("\n");
      String last = lines[lines.length - 1].strip();
      return result.code() == 0 && last.matches("\\d[0-9A-Za-z.+!-]{0,60}")
          ? Optional.of(last)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Creates the environment from scratch, replacing an existing one. */
  void create(String version, Python python)
      throws IOException, InterruptedException, SetupFailedException {
    Path venv = location.venv(version);
    deleteFolder(venv);
    Files.deleteIfExists(location.log());
    step(
        "creating the environment",
        List.of(python.path().toString(), "-m", "venv", venv.toString()));
    step(
        "installing",
        List.of(
            venv.resolve("bin/python").toString(),
            "-m",
            "pip",
            "install",
            "--no-input",
            "--disable-pip-version-check",
            "--progress-bar=off",
            "aiperf==" + version));
    if (!responds(location.aiperf(version))) {
      throw new SetupFailedException(
          "pip installed aiperf %s, but %s does not respond to --version; pip's output is in %s"
              .formatted(version, location.aiperf(version), location.log()));
    }
    Files.writeString(location.completeMarker(version), "python " + python.version() + "\n");
  }

  @SuppressWarnings("try")
  private boolean responds(Path aiperf) throws InterruptedException {
    try (ProgressTicker ticker =
        new ProgressTicker(progress, progressInterval, () -> "checking its version")) {
      return versionOf(aiperf).isPresent();
    }
  }

  @SuppressWarnings("try")
  private void step(String label, List<String> command)
      throws IOException, InterruptedException, SetupFailedException {
    Path log = location.log();
    try (ProgressTicker ticker =
        new ProgressTicker(progress, progressInterval, () -> lastLogLine(label))) {
      int code = SetupProcess.run(command, environment, log);
      if (code != 0) {
        throw new SetupFailedException(
            "%s failed (exit %d). Last lines of its output:\n%s\nThe full output is in %s"
                .formatted(String.join(" ", command), code, lastLogLines(ERROR_LINES), log));
      }
    }
  }

  private String lastLogLine(String label) {
    try {
      String line = lastLogLines(1).strip();
      return line.isEmpty() ? label : label + ": " + line.substring(0, Math.min(line.length(), 90));
    } catch (IOException e) {
      return label;
    }
  }

  private String lastLogLines(int count) throws IOException {
    String[] lines = SetupProcess.text(location.log()).split("\n");
    return "  "
        + String.join(
            "\n  ", Arrays.copyOfRange(lines, Math.max(0, lines.length - count), lines.length));
  }

  private static void deleteFolder(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
