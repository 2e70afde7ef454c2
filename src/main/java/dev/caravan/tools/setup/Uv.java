package dev.caravan.tools.setup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * uv, which installs several times as fast as pip. pip fetches it into a folder of the new
 * environment, which is deleted when uv is done: it takes 40 MB.
 */
final class Uv {

  /** The version that is fetched, the same for everybody. */
  static final String VERSION = "0.13.9";

  /** Exit codes of a uv that was interrupted, ended or lost its terminal, as by Ctrl-C. */
  private static final Set<Integer> ENDED_BY_USER = Set.of(130, 143, 129);

  private final Path venv;
  private final UvSettings settings;
  private final SetupSteps steps;

  private Uv(Path venv, UvSettings settings, SetupSteps steps) {
    this.venv = venv;
    this.settings = settings;
    this.steps = steps;
  }

  /** The folder in an environment that is there while uv is. */
  static Path folder(Path venv) {
    return venv.resolve(".caravan-uv");
  }

  /** The program in an environment. */
  static Path program(Path venv) {
    return folder(venv).resolve("bin/uv");
  }

  /** Fetches uv into an environment; empty, and the user told why, when pip has to install. */
  static Optional<Uv> fetch(Path venv, Map<String, String> environment, SetupSteps steps)
      throws IOException, InterruptedException {
    Path python = venv.resolve("bin/python");
    Optional<UvSettings> settings =
        PipSettings.read(python, environment)
            .map(pip -> new UvSettings(pip, environment, folder(venv)));
    if (settings.isEmpty()) {
      steps.note("pip installs, not uv: pip does not report its configuration");
      return Optional.empty();
    }
    Optional<String> lacking = settings.get().lacking();
    if (lacking.isPresent()) {
      steps.note("pip installs, not uv: pip is configured with %s".formatted(lacking.get()));
      return Optional.empty();
    }
    if (steps.end("fetching uv", fetching(python, folder(venv)), environment).code() != 0) {
      steps.note("pip installs, not uv: uv %s is not available".formatted(VERSION));
      return Optional.empty();
    }
    return Optional.of(new Uv(venv, settings.get(), steps));
  }

  /** Without a build from source, and with one retry, since pip tries again all the same. */
  private static List<String> fetching(Path python, Path folder) {
    return SetupSteps.pipInstall(
        python,
        "--retries=1",
        "--no-deps",
        "--only-binary=:all:",
        "--no-compile",
        "--target=" + folder,
        "uv==" + VERSION);
  }

  /**
   * Installs a requirement; false when uv cannot.
   *
   * @throws SetupFailedException when somebody ended it
   */
  boolean install(Requirement requirement)
      throws IOException, InterruptedException, SetupFailedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(program(venv).toString(), "pip", "install"));
    command.addAll(List.of("--python", venv.resolve("bin/python").toString()));
    command.addAll(List.of("--color=never", "--compile-bytecode"));
    command.addAll(settings.options());
    command.add(requirement.specifier());
    try {
      SetupSteps.Ended ended =
          steps.end("installing and compiling", command, settings.environment());
      if (ENDED_BY_USER.contains(ended.code())) {
        throw steps.failed(ended);
      }
      return ended.code() == 0;
    } catch (IOException e) {
      steps.note("uv does not start: " + e.getMessage());
      return false;
    }
  }
}
