package dev.caravan.tools.setup;

import dev.caravan.config.settings.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a user's setup lives, shared by all homes: {@code $XDG_DATA_HOME/caravan}, by default
 * {@code ~/.local/share/caravan}.
 *
 * @param root that folder
 */
public record SetupLocation(Path root) {

  private static final String COMPLETE = ".caravan-complete";

  /** The location by XDG_DATA_HOME and HOME; a relative XDG_DATA_HOME is ignored as XDG asks. */
  public static SetupLocation of(Map<String, String> environment) {
    Path data =
        Optional.ofNullable(environment.get("XDG_DATA_HOME"))
            .filter(text -> text.startsWith("/"))
            .map(Path::of)
            .orElseGet(() -> home(environment).resolve(".local/share"));
    return new SetupLocation(data.resolve("caravan"));
  }

  /**
   * The aiperf that the last {@code caravan setup} made or linked; empty when there is none or it
   * is gone.
   */
  public Optional<Path> aiperf() {
    return recorded()
        .filter(Files::isExecutable)
        .or(() -> Optional.of(aiperf(Version.AIPERF)).filter(path -> isComplete(path)));
  }

  /** The folder for TIKTOKEN_CACHE_DIR, filled by {@code caravan setup}. */
  public Path tokenizers() {
    return root.resolve("tiktoken");
  }

  /** The folder of a version's virtual environment. */
  Path venv(String version) {
    return root.resolve("aiperf-" + version);
  }

  /** The script of a version's virtual environment, whether it is there or not. */
  Path aiperf(String version) {
    return venv(version).resolve("bin/aiperf");
  }

  /** The file whose presence says that an environment was made to its end; written last. */
  Path complete(String version) {
    return venv(version).resolve(COMPLETE);
  }

  /** The file whose presence says that the environment's aiperf ran once. */
  Path warm(String version) {
    return venv(version).resolve(".caravan-warm");
  }

  /** The file that holds the path of the aiperf in use. */
  Path record() {
    return root.resolve("aiperf.path");
  }

  Path lock() {
    return root.resolve("setup.lock");
  }

  Path log() {
    return root.resolve("setup.log");
  }

  private Optional<Path> recorded() {
    try {
      return Optional.of(Path.of(Files.readString(record()).strip()));
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static boolean isComplete(Path aiperf) {
    Path venv = aiperf.getParent().getParent();
    return Files.exists(venv.resolve(COMPLETE)) && Files.isExecutable(aiperf);
  }

  private static Path home(Map<String, String> environment) {
    return Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")));
  }
}
