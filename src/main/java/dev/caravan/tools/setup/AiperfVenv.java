package dev.caravan.tools.setup;

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
 * Makes the virtual environment of one aiperf version. It is made where it will stay, since its
 * scripts name their own place; a marker written last tells a whole one from half of one.
 */
final class AiperfVenv {

  private static final int LAST_LINES = 15;

  private final SetupLocation location;
  private final Map<String, String> environment;
  private final SetupProgress progress;
  private final Duration heartbeat;

  AiperfVenv(
      SetupLocation location,
      Map<String, String> environment,
      SetupProgress progress,
      Duration heartbeat) {
    this.location = location;
    this.environment = environment;
    this.progress = progress;
    this.heartbeat = heartbeat;
  }

  /** Whether the environment was made to its end and its aiperf still answers. */
  boolean isThere(String version) throws IOException, InterruptedException {
    return Files.exists(location.complete(version))
        && versionOf(location.aiperf(version)).filter(version::equals).isPresent();
  }

  /** What {@code aiperf --version} answers; empty when it is no aiperf that runs. */
  Optional<String> versionOf(Path aiperf) throws InterruptedException {
    try {
      SetupProcess.Result result =
          SetupProcess.ask(List.of(aiperf.toString(), "--version"), environment);
      String[] lines = result.output().strip().split("\n");
      String last = lines[lines.length - 1].strip();
      return result.code() == 0 && last.matches("\\d[0-9A-Za-z.+!-]{0,60}")
          ? Optional.of(last)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Makes it anew, whatever is there. */
  void make(String version, Python python)
      throws IOException, InterruptedException, SetupFailedException {
    Path venv = location.venv(version);
    remove(venv);
    Files.deleteIfExists(location.log());
    step(
        "making the environment", List.of(python.path().toString(), "-m", "venv", venv.toString()));
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
    if (!answers(location.aiperf(version))) {
      throw new SetupFailedException(
          "pip has installed aiperf %s, but %s does not answer --version; pip's output is in %s"
              .formatted(version, location.aiperf(version), location.log()));
    }
    Files.writeString(location.complete(version), "python " + python.version() + "\n");
  }

  @SuppressWarnings("try")
  private boolean answers(Path aiperf) throws InterruptedException {
    try (ProgressTicker beat =
        new ProgressTicker(progress, heartbeat, () -> "asking it for its version")) {
      return versionOf(aiperf).isPresent();
    }
  }

  @SuppressWarnings("try")
  private void step(String what, List<String> command)
      throws IOException, InterruptedException, SetupFailedException {
    Path log = location.log();
    try (ProgressTicker beat = new ProgressTicker(progress, heartbeat, () -> lastLine(what))) {
      int code = SetupProcess.run(command, environment, log);
      if (code != 0) {
        throw new SetupFailedException(
            "%s failed (exit %d). Its last lines:\n%s\nAll of it is in %s"
                .formatted(String.join(" ", command), code, lastLines(LAST_LINES), log));
      }
    }
  }

  private String lastLine(String what) {
    try {
      String line = lastLines(1).strip();
      return line.isEmpty() ? what : what + ": " + line.substring(0, Math.min(line.length(), 90));
    } catch (IOException e) {
      return what;
    }
  }

  private String lastLines(int count) throws IOException {
    String[] lines = SetupProcess.text(location.log()).split("\n");
    return "  "
        + String.join(
            "\n  ", Arrays.copyOfRange(lines, Math.max(0, lines.length - count), lines.length));
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
