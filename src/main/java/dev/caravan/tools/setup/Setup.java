package dev.caravan.tools.setup;

import dev.caravan.config.settings.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;

/**
 * Gives a user an aiperf that works without more ado: in a virtual environment shared by all homes,
 * its tokenizers at hand, warmed up by one tiny run. Calling it again is quick and safe; calls at
 * the same time take turns.
 */
public final class Setup {

  private static final Duration HEARTBEAT = Duration.ofSeconds(8);

  private final SetupLocation location;
  private final Map<String, String> environment;
  private final SetupProgress progress;
  private final WarmUp warmUp;
  private final Distribution distribution;
  private final Duration heartbeat;
  private final AiperfVenv venv;

  /** A setup for the user of this environment, which Python, pip and aiperf get too. */
  public Setup(Map<String, String> environment, SetupProgress progress, WarmUp warmUp) {
    this(environment, progress, warmUp, Distribution.read(Path.of("/etc/os-release")), HEARTBEAT);
  }

  Setup(
      Map<String, String> environment,
      SetupProgress progress,
      WarmUp warmUp,
      Distribution distribution,
      Duration heartbeat) {
    this.location = SetupLocation.of(environment);
    this.environment = Map.copyOf(environment);
    this.progress = progress;
    this.warmUp = warmUp;
    this.distribution = distribution;
    this.heartbeat = heartbeat;
    this.venv = new AiperfVenv(location, this.environment, progress, heartbeat);
  }

  /**
   * Installs a version unless it is there, and makes it the one in use.
   *
   * @return the aiperf script
   * @throws SetupFailedException when something is missing or pip fails; the message says what to
   *     do
   */
  @SuppressWarnings("try")
  public Path install(String version) throws SetupFailedException, InterruptedException {
    if (!version.matches("\\d[0-9A-Za-z.+!-]{0,60}")) {
      throw new SetupFailedException(
          "'" + version + "' is no version of aiperf, such as " + Version.AIPERF);
    }
    try {
      Files.createDirectories(location.root());
      try (SetupLock lock = SetupLock.take(location.lock(), progress, heartbeat)) {
        return installAlone(version);
      }
    } catch (IOException e) {
      throw new SetupFailedException("setup in " + location.root() + " failed: " + e, e);
    }
  }

  /**
   * Makes an aiperf that is already on this machine the one in use.
   *
   * @param path the script, or the virtual environment that holds it
   * @return the aiperf script
   * @throws SetupFailedException when it does not answer {@code --version}
   */
  @SuppressWarnings("try")
  public Path use(Path path) throws SetupFailedException, InterruptedException {
    Path script = Files.isDirectory(path) ? path.resolve("bin/aiperf") : path;
    Path aiperf = script.toAbsolutePath().normalize();
    String version =
        venv.versionOf(aiperf)
            .orElseThrow(
                () ->
                    new SetupFailedException(aiperf + " does not answer --version as aiperf does"));
    try {
      Files.createDirectories(location.root());
      try (SetupLock lock = SetupLock.take(location.lock(), progress, heartbeat)) {
        fillTokenizers();
        record(aiperf);
        warm(aiperf);
      }
    } catch (IOException e) {
      throw new SetupFailedException("setup in " + location.root() + " failed: " + e, e);
    }
    progress.line("Using aiperf " + version + ": " + aiperf);
    return aiperf;
  }

  private Path installAlone(String version)
      throws IOException, SetupFailedException, InterruptedException {
    Path aiperf = location.aiperf(version);
    boolean wasThere = venv.isThere(version);
    if (!wasThere) {
      Python python = Python.find(environment, distribution);
      announce(version, python);
      venv.make(version, python);
    }
    fillTokenizers();
    record(aiperf);
    if (!Files.exists(location.warm(version)) && warm(aiperf)) {
      Files.writeString(location.warm(version), "");
    }
    progress.line(
        "aiperf " + version + (wasThere ? " is set up already: " : " is ready: ") + aiperf);
    return aiperf;
  }

  /** The figures are those of 0.13.0; another version is taken to be alike. */
  private void announce(String version, Python python) throws IOException {
    double free = Files.getFileStore(location.root()).getUsableSpace() / 1e9;
    progress.line(
        "Setting up aiperf %s with Python %s (%s)"
            .formatted(version, python.version(), python.path()));
    progress.line("  in       " + location.venv(version));
    progress.line("  fetches  about 142 packages; 1.2 GB on disk (%.1f GB free)".formatted(free));
    progress.line("  takes    1 to 5 minutes, once per user");
    progress.line("  log      " + location.log());
  }

  private void fillTokenizers() throws IOException, SetupFailedException {
    if (TokenizerCache.fill(location.tokenizers()) > 0) {
      progress.line("Tokenizers for use without a network: " + location.tokenizers());
    }
  }

  private void record(Path aiperf) throws IOException {
    Path beside = Files.createTempFile(location.root(), "aiperf", ".tmp");
    Files.writeString(beside, aiperf + "\n");
    Files.move(beside, location.record(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** A warm-up that cannot be made costs the first run some seconds, and no more. */
  @SuppressWarnings("try")
  private boolean warm(Path aiperf) throws InterruptedException {
    progress.line("Warming aiperf up: its first run is slow");
    try (ProgressTicker beat = new ProgressTicker(progress, heartbeat, () -> "warming up")) {
      warmUp.run(aiperf, location.tokenizers());
      return true;
    } catch (IOException e) {
      progress.line("  no warm-up (" + e.getMessage() + "); the first run may be slow");
      return false;
    }
  }
}
