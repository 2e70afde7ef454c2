package dev.caravan.storage;

import dev.caravan.config.settings.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The folder of a user's setup, shared by all homes: {@code $XDG_DATA_HOME/caravan}, by default
 * {@code ~/.local/share/caravan}.
 *
 * @param root that folder
 */
public record SetupLocation(Path root) {

  private static final String COMPLETE_MARKER = ".caravan-complete";

  /** By XDG_DATA_HOME and HOME; a relative XDG_DATA_HOME is ignored, as the XDG spec requires. */
  public static SetupLocation of(Map<String, String> environment) {
    Path data =
        Optional.ofNullable(environment.get("XDG_DATA_HOME"))
            .filter(text -> text.startsWith("/"))
            .map(Path::of)
            .orElseGet(() -> UserFolder.of(environment).resolve(".local/share"));
    return new SetupLocation(data.resolve("caravan"));
  }

  /**
   * The aiperf that the last {@code caravan setup} installed or selected; empty when there is none
   * or it no longer exists.
   */
  public Optional<Path> aiperf() {
    return selected()
        .filter(SetupLocation::isProgram)
        .or(() -> Optional.of(aiperf(Version.AIPERF)).filter(path -> isComplete(path)));
  }

  /** The aiperf that the last {@code caravan setup} selected, if it no longer exists. */
  public Optional<Path> lost() {
    return selected().filter(path -> !isProgram(path));
  }

  /** The value of TIKTOKEN_CACHE_DIR, a folder filled by {@code caravan setup}. */
  public Path tokenizers() {
    return root.resolve("tiktoken");
  }

  /**
   * A virtual environment.
   *
   * @param name the version of its aiperf, and behind it the extras it was installed with
   */
  public Path venv(String name) {
    return root.resolve("aiperf-" + name);
  }

  /** The aiperf script in a virtual environment, which may not exist. */
  public Path aiperf(String name) {
    return venv(name).resolve("bin/aiperf");
  }

  /** The file that marks a virtual environment as complete; written last. */
  public Path completeMarker(String name) {
    return venv(name).resolve(COMPLETE_MARKER);
  }

  /** The file that marks the aiperf of a virtual environment as warmed up. */
  public Path warmMarker(String name) {
    return venv(name).resolve(".caravan-warm");
  }

  /** The file that contains the path of the selected aiperf. */
  public Path selectedPath() {
    return root.resolve("aiperf.path");
  }

  /** The file that a running setup locks. */
  public Path lock() {
    return root.resolve("setup.lock");
  }

  /** The log of the last setup. */
  public Path log() {
    return root.resolve("setup.log");
  }

  private Optional<Path> selected() {
    try {
      return Optional.of(Path.of(Files.readString(selectedPath()).strip()))
          .filter(Path::isAbsolute); // a crash of the host may leave an empty file
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static boolean isComplete(Path aiperf) {
    Path venv = aiperf.getParent().getParent();
    return Files.exists(venv.resolve(COMPLETE_MARKER)) && isProgram(aiperf);
  }

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }
}
