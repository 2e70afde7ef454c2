package dev.caravan.tools.setup;

import dev.caravan.storage.SetupLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Creates virtual environments of aiperf, one for each version and set of extras: an environment is
 * never changed, as aiperf may be running from it. It is created in its final folder, since its
 * scripts contain absolute paths; a marker file written last shows that it is complete.
 */
final class AiperfVenv {

  /** Prints the extras of the aiperf in a virtual environment. */
  static final String EXTRAS_SCRIPT =
      """
      from importlib.metadata import metadata
      for name in metadata('aiperf').get_all('Provides-Extra') or []:
          print('extra', name)
      """;

  /**
   * Syncs the file system of a virtual environment. One call takes seconds; to sync its tens of
   * thousands of files one by one takes minutes, and to verify them at each use takes longer than a
   * run's start.
   */
  static final String SYNC_SCRIPT =
      """
      import os, sys
      try:
          import ctypes
          syncfs = ctypes.CDLL(None, use_errno=True).syncfs
      except (ImportError, AttributeError, OSError):
          os.sync()
      else:
          if syncfs(os.open(sys.argv[1], os.O_RDONLY)):
              sys.exit('cannot sync: ' + os.strerror(ctypes.get_errno()))
      """;

  private final SetupLocation location;
  private final Map<String, String> environment;
  private final SetupProgress progress;
  private final Duration progressInterval;
  private final Duration answerLimit;
  private final SetupSteps steps;

  AiperfVenv(
      SetupLocation location,
      Map<String, String> environment,
      SetupProgress progress,
      Duration progressInterval,
      Duration answerLimit) {
    this.location = location;
    this.environment = environment;
    this.progress = progress;
    this.progressInterval = progressInterval;
    this.answerLimit = answerLimit;
    this.steps = new SetupSteps(location.log(), progress, progressInterval);
  }

  /** The complete environments of a version, that with the most extras first. */
  List<Requirement> complete(String version) throws IOException {
    try (Stream<Path> folders = Files.list(location.root())) {
      return folders
          .flatMap(
              folder -> Requirement.ofFolder(folder.getFileName().toString(), version).stream())
          .filter(each -> Files.exists(location.completeMarker(each.environment())))
          .sorted(
              Comparator.comparing((Requirement each) -> each.extras().size())
                  .reversed()
                  .thenComparing(Requirement::environment))
          .toList();
    }
  }

  /** Whether the environment is complete and its aiperf still runs. */
  boolean isInstalled(Requirement requirement)
      throws IOException, InterruptedException, SetupFailedException {
    String name = requirement.environment();
    return Files.exists(location.completeMarker(name))
        && versionOf(location.aiperf(name)).filter(requirement::hasVersion).isPresent();
  }

  /**
   * The output of {@code aiperf --version}; empty when this is not a working aiperf.
   *
   * @throws SetupFailedException when it does not answer in time, which says nothing about it
   */
  Optional<String> versionOf(Path aiperf) throws InterruptedException, SetupFailedException {
    SetupProcess.Result result;
    try {
      result =
          SetupProcess.query(List.of(aiperf.toString(), "--version"), environment, answerLimit);
    } catch (IOException e) {
      return Optional.empty();
    }
    if (result.isTimedOut()) {
      throw new SetupFailedException(
          "%s --version took longer than %d s; try again when this machine is less busy"
              .formatted(aiperf, answerLimit.toSeconds()));
    }
    String[] lines = result.output().strip().split("\n");
    String last = lines[lines.length - 1].strip();
    return result.code() == 0 && last.matches("\\d[0-9A-Za-z.+!-]{0,60}")
        ? Optional.of(last)
        : Optional.empty();
  }

  /** Creates the environment from scratch, replacing one that is broken. */
  void create(Requirement requirement, Python python)
      throws IOException, InterruptedException, SetupFailedException {
    String name = requirement.environment();
    Files.deleteIfExists(location.log());
    createEmpty(location.venv(name), python);
    if (!installByUv(requirement, python)) {
      installByPip(requirement);
    }
    checkExtras(requirement);
    delete(Uv.folder(location.venv(name)));
    sync(location.venv(name));
    Files.writeString(location.completeMarker(name), "python " + python.version() + "\n");
  }

  /** So that no power cut leaves the marker beside files that are cut off. */
  private void sync(Path venv) throws IOException, InterruptedException, SetupFailedException {
    List<String> command =
        List.of(venv.resolve("bin/python").toString(), "-c", SYNC_SCRIPT, venv.toString());
    steps.run("writing to disk", command, environment);
  }

  private void createEmpty(Path venv, Python python)
      throws IOException, InterruptedException, SetupFailedException {
    delete(venv);
    steps.run(
        "creating the environment",
        List.of(python.path().toString(), "-m", "venv", venv.toString()),
        environment);
  }

  /** When this is false, the environment is as new, for pip. */
  private boolean installByUv(Requirement requirement, Python python)
      throws IOException, InterruptedException, SetupFailedException {
    Path venv = location.venv(requirement.environment());
    Optional<Uv> uv = Uv.fetch(venv, environment, steps);
    if (uv.isEmpty()) {
      return false;
    }
    if (uv.get().install(requirement) && responds(location.aiperf(requirement.environment()))) {
      return true;
    }
    steps.note("pip installs, not uv: uv failed, see the log");
    createEmpty(venv, python);
    return false;
  }

  private void installByPip(Requirement requirement)
      throws IOException, InterruptedException, SetupFailedException {
    Path aiperf = location.aiperf(requirement.environment());
    steps.run(
        "installing",
        SetupSteps.pipInstall(aiperf.resolveSibling("python"), requirement.specifier()),
        environment);
    if (!responds(aiperf)) {
      throw new SetupFailedException(
          "pip installed aiperf %s, but %s does not respond to --version; pip's output is in %s"
              .formatted(requirement.version(), aiperf, location.log()));
    }
  }

  private void checkExtras(Requirement requirement)
      throws IOException, InterruptedException, SetupFailedException {
    if (!requirement.extras().isEmpty()) {
      Path aiperf = location.aiperf(requirement.environment());
      Optional<String> missing =
          requirement.missing(providedExtras(aiperf.resolveSibling("python")));
      if (missing.isPresent()) {
        throw new SetupFailedException(missing.get());
      }
    }
  }

  private Set<String> providedExtras(Path python) throws IOException, InterruptedException {
    return SetupProcess.query(List.of(python.toString(), "-c", EXTRAS_SCRIPT), environment)
        .output()
        .lines()
        .filter(line -> line.startsWith("extra "))
        .map(line -> Requirement.normalized(line.substring("extra ".length())))
        .collect(Collectors.toSet());
  }

  /** Deletes what kills and failures left of environments of a version. */
  void deleteIncomplete(String version) throws IOException, InterruptedException {
    try (Stream<Path> folders = Files.list(location.root())) {
      for (Path folder : folders.toList()) {
        Optional<Requirement> found =
            Requirement.ofFolder(folder.getFileName().toString(), version);
        if (found.isPresent()
            && !Files.exists(location.completeMarker(found.get().environment()))) {
          delete(folder);
        }
      }
    }
  }

  @SuppressWarnings("try")
  private boolean responds(Path aiperf) throws InterruptedException, SetupFailedException {
    try (ProgressTicker ticker =
        new ProgressTicker(progress, progressInterval, () -> "checking its version")) {
      return versionOf(aiperf).isPresent();
    }
  }

  private static void delete(Path folder) throws IOException, InterruptedException {
    if (!Files.exists(folder)) {
      return;
    }
    Installers.end(folder);
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
