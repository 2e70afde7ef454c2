package dev.caravan.pipeline.process;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.storage.SetupLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds aiperf: the configured command (from a setting or from {@code caravan setup}), otherwise
 * the one on PATH. Thread-safe.
 */
public final class AiperfFinder {

  private static final Logger LOG = LoggerFactory.getLogger(AiperfFinder.class);

  /** How long to wait before an unusable aiperf is checked again. */
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(10);

  /** How long {@code aiperf --version} may take. */
  private static final Duration VERSION_LIMIT = Duration.ofSeconds(30);

  private record CachedInstall(
      Path command, FileTime modified, AiperfInstall install, long checkedNanos) {

    boolean isValidFor(Path other, FileTime otherModified) {
      boolean fresh =
          install instanceof AiperfInstall.Usable
              || System.nanoTime() - checkedNanos < RETRY_INTERVAL.toNanos();
      return fresh && command.equals(other) && modified.equals(otherModified);
    }
  }

  private final Supplier<Optional<String>> configured;
  private final Supplier<Optional<Path>> lost;
  private final Path directory;
  private final Map<String, String> environment;
  private final AiperfProbe probe;
  private Optional<CachedInstall> cached = Optional.empty();

  /** Finds the aiperf that the settings name, or else that of {@code caravan setup}. */
  public static AiperfFinder of(Settings settings) {
    String command = settings.text(Setting.AIPERF_COMMAND);
    SetupLocation setup = SetupLocation.of(settings.environment());
    return new AiperfFinder(
        () -> command.isBlank() ? setup.aiperf().map(Path::toString) : Optional.of(command),
        () -> command.isBlank() ? setup.lost() : Optional.empty(),
        settings.home(),
        AiperfEnvironment.of(settings),
        VERSION_LIMIT);
  }

  /**
   * Creates a finder.
   *
   * @param configured the configured command, read on every search: a path, or a name on PATH
   * @param directory the folder that relative paths start from
   * @param environment provides PATH; also that of {@code aiperf --version}: as in runs, no width
   *     of a terminal, since with one of 0 aiperf prints nothing (measured on 0.13.0)
   * @param probeLimit how long {@code aiperf --version} may take
   */
  public AiperfFinder(
      Supplier<Optional<String>> configured,
      Path directory,
      Map<String, String> environment,
      Duration probeLimit) {
    this(configured, Optional::empty, directory, environment, probeLimit);
  }

  private AiperfFinder(
      Supplier<Optional<String>> configured,
      Supplier<Optional<Path>> lost,
      Path directory,
      Map<String, String> environment,
      Duration probeLimit) {
    this.configured = configured;
    this.lost = lost;
    this.directory = directory;
    this.environment = Map.copyOf(environment);
    this.probe = new AiperfProbe(this.environment, probeLimit);
  }

  /**
   * Finds aiperf and checks its version. The result is cached until the program's file changes; an
   * unusable aiperf is checked again after 10 s. Logs one warning if the version is not the tested
   * one.
   */
  public synchronized AiperfInstall find() {
    try {
      Path command = locate();
      FileTime modified = Files.getLastModifiedTime(command);
      if (cached.isEmpty() || !cached.get().isValidFor(command, modified)) {
        AiperfInstall install = probe.check(command);
        cached = Optional.of(new CachedInstall(command, modified, install, System.nanoTime()));
        warn(install);
      }
      return cached.get().install();
    } catch (IOException e) {
      return new AiperfInstall.Unusable(e.getMessage());
    }
  }

  /** The version of aiperf; empty if there is no usable one. */
  public Optional<String> version() {
    return find() instanceof AiperfInstall.Usable usable
        ? Optional.of(usable.version())
        : Optional.empty();
  }

  /** Why there is no usable aiperf; empty if there is one. */
  public Optional<String> fault() {
    return find() instanceof AiperfInstall.Unusable unusable
        ? Optional.of(unusable.message())
        : Optional.empty();
  }

  /** The Python of aiperf's script, found without starting anything; empty if it is not known. */
  Optional<Path> interpreter() {
    try {
      return PythonScript.interpreter(locate().toRealPath(), environment);
    } catch (IOException e) {
      return Optional.empty(); // none that can be used, which {@link #find} tells
    }
  }

  private Path locate() throws IOException {
    Optional<String> name = configured.get().map(String::strip).filter(text -> !text.isEmpty());
    if (name.isPresent()) {
      return locateConfigured(name.get());
    }
    try {
      return Executables.locate("aiperf", directory, environment);
    } catch (IOException e) {
      throw new IOException(
          "aiperf is not installed: %s. 'caravan setup' installs it; or set caravan.aiperf.command"
              .formatted(e.getMessage()),
          e);
    }
  }

  private Path locateConfigured(String name) throws IOException {
    try {
      return Executables.locate(name, directory, environment);
    } catch (IOException e) {
      throw new IOException("caravan.aiperf.command: " + e.getMessage(), e);
    }
  }

  private void warn(AiperfInstall install) {
    if (install instanceof AiperfInstall.Usable usable) {
      lost.get()
          .ifPresent(
              path ->
                  LOG.warn(
                      "{}, which caravan setup chose, no longer exists; using {}",
                      path,
                      usable.command()));
      usable.warning().ifPresent(LOG::warn);
    }
  }
}
