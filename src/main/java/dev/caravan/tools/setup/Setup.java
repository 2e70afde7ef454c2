package dev.caravan.tools.setup;

import dev.caravan.config.settings.Version;
import dev.caravan.storage.FileFailures;
import dev.caravan.storage.SetupLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Installs a ready-to-use aiperf for a user: in a virtual environment shared by all homes, with its
 * tokenizers cached and warmed up by one short run. Repeated calls are quick and safe; concurrent
 * calls wait for each other.
 */
public final class Setup {

  /** The variable with the aiperf that a package of Caravan brings. */
  private static final String PACKAGED = "CARAVAN_PACKAGE_AIPERF";

  private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(8);

  private final SetupLocation location;
  private final Map<String, String> environment;
  private final SetupProgress progress;
  private final WarmUp warmUp;
  private final Distribution distribution;
  private final Duration progressInterval;
  private final AiperfVenv venv;

  /** A setup for the user of this environment, which is passed on to Python, pip and aiperf. */
  public Setup(Map<String, String> environment, SetupProgress progress, WarmUp warmUp) {
    this(
        environment,
        progress,
        warmUp,
        Distribution.read(Path.of("/etc/os-release")),
        PROGRESS_INTERVAL,
        SetupProcess.QUERY_LIMIT);
  }

  Setup(
      Map<String, String> environment,
      SetupProgress progress,
      WarmUp warmUp,
      Distribution distribution,
      Duration progressInterval,
      Duration answerLimit) {
    this.location = SetupLocation.of(environment);
    this.environment = Map.copyOf(environment);
    this.progress = progress;
    this.warmUp = warmUp;
    this.distribution = distribution;
    this.progressInterval = progressInterval;
    this.venv = new AiperfVenv(location, this.environment, progress, progressInterval, answerLimit);
  }

  /**
   * Installs a version with these extras, and with those that an earlier setup gave it, unless that
   * is installed already; and selects it for use.
   *
   * @return the aiperf script
   * @throws SetupFailedException when something is missing, the version has no such extra, or pip
   *     fails; what was in use then still is
   */
  @SuppressWarnings("try")
  public Path install(String version, Collection<String> extras)
      throws SetupFailedException, InterruptedException {
    Requirement wanted = Requirement.of(version, extras);
    try {
      Files.createDirectories(location.root());
      try (SetupLock lock = SetupLock.acquire(location.lock(), progress, progressInterval)) {
        return installLocked(wanted);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Selects the aiperf that was installed together with Caravan, as by an extra of its wheel; else
   * installs the version that Caravan is tested with.
   *
   * @return the aiperf script
   * @throws SetupFailedException when something is missing or pip fails; also when extras are to be
   *     added to the aiperf that was installed together with Caravan
   */
  public Path provide(Collection<String> extras) throws SetupFailedException, InterruptedException {
    String packaged = environment.getOrDefault(PACKAGED, "");
    return packaged.isEmpty() ? install(Version.AIPERF, extras) : use(Path.of(packaged), extras);
  }

  /**
   * Selects an aiperf that is already installed.
   *
   * @param path the script, or its virtual environment
   * @param extras must be empty: setup changes no environment that it has not made
   * @return the aiperf script
   * @throws SetupFailedException when it does not respond to {@code --version}, or extras are named
   */
  @SuppressWarnings("try")
  public Path use(Path path, Collection<String> extras)
      throws SetupFailedException, InterruptedException {
    Path script = Files.isDirectory(path) ? path.resolve("bin/aiperf") : path;
    Path aiperf = script.toAbsolutePath().normalize();
    String version =
        venv.versionOf(aiperf)
            .orElseThrow(
                () ->
                    new SetupFailedException(
                        aiperf + " does not respond to --version as aiperf does"));
    if (!extras.isEmpty()) {
      throw new SetupFailedException(notOurs(aiperf, Requirement.of(version, extras)));
    }
    try {
      Files.createDirectories(location.root());
      try (SetupLock lock = SetupLock.acquire(location.lock(), progress, progressInterval)) {
        fillTokenizers();
        select(aiperf);
        warm(aiperf);
      }
    } catch (IOException e) {
      throw failed(e);
    }
    progress.line("Using aiperf " + version + ": " + aiperf);
    return aiperf;
  }

  private SetupFailedException failed(IOException e) {
    return new SetupFailedException(
        "setup in %s failed: %s; XDG_DATA_HOME sets another folder"
            .formatted(location.root(), FileFailures.words(e)),
        e);
  }

  private static String notOurs(Path aiperf, Requirement requirement) {
    return """
        setup adds extras only to environments that it has made. To add them there yourself:
          %s -m pip install '%s'
        For another aiperf, in an environment of its own:
          caravan setup --version %s --with %s"""
        .formatted(
            aiperf.resolveSibling("python"),
            requirement.specifier(),
            requirement.version(),
            String.join(",", requirement.extras()));
  }

  private Path installLocked(Requirement wanted)
      throws IOException, SetupFailedException, InterruptedException {
    venv.deleteIncomplete(wanted.version());
    List<Requirement> complete = venv.complete(wanted.version());
    Requirement requirement = complete.isEmpty() ? wanted : wanted.with(complete.get(0).extras());
    Path aiperf = location.aiperf(requirement.environment());
    boolean installed = venv.isInstalled(requirement);
    if (!installed) {
      Python python = Python.find(environment, distribution);
      announce(requirement, python);
      venv.create(requirement, python);
    }
    fillTokenizers();
    select(aiperf);
    Path warmMarker = location.warmMarker(requirement.environment());
    if (!Files.exists(warmMarker) && warm(aiperf)) {
      Files.writeString(warmMarker, "");
    }
    progress.line(
        requirement.words() + (installed ? " is already installed: " : " is ready: ") + aiperf);
    complete.stream().filter(each -> !each.equals(requirement)).forEach(this::reportUnused);
    return aiperf;
  }

  /** Setup does not delete it, since an aiperf may still run from it. */
  private void reportUnused(Requirement requirement) {
    progress.line(
        "  %s is no longer used; to free its space, once nothing runs from it: rm -r %s"
            .formatted(requirement.words(), location.venv(requirement.environment())));
  }

  /** The numbers were measured with 0.13.0; other versions should be similar. */
  private void announce(Requirement requirement, Python python) {
    double free = location.root().toFile().getUsableSpace() / 1e9;
    String more = requirement.extras().isEmpty() ? "" : ", and what the extras need";
    progress.line(
        "Setting up %s with Python %s (%s)"
            .formatted(requirement.words(), python.version(), python.path()));
    progress.line("  folder   " + location.venv(requirement.environment()));
    progress.line(
        "  download about 140 packages; 1.2 GB on disk%s (%.1f GB free)".formatted(more, free));
    progress.line("  time     1 to 10 minutes, once per user");
    progress.line("  log      " + location.log());
  }

  private void fillTokenizers() throws IOException, SetupFailedException {
    if (TokenizerCache.fill(location.tokenizers()) > 0) {
      progress.line("Tokenizers for offline use: " + location.tokenizers());
    }
  }

  private void select(Path aiperf) throws IOException {
    Path temporary = Files.createTempFile(location.root(), "aiperf", ".tmp");
    Files.writeString(temporary, aiperf + "\n");
    Files.move(temporary, location.selectedPath(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** A failed warm-up is not an error: it only makes the first run some seconds slower. */
  @SuppressWarnings("try")
  private boolean warm(Path aiperf) throws InterruptedException {
    progress.line("Warming up aiperf (its first run is slow)");
    try (ProgressTicker ticker =
        new ProgressTicker(progress, progressInterval, () -> "warming up")) {
      warmUp.run(aiperf, location.tokenizers());
      return true;
    } catch (IOException e) {
      progress.line("  warm-up failed (" + e.getMessage() + "); the first run may be slow");
      return false;
    }
  }
}
