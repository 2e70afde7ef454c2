package dev.caravan.pipeline.process;

import dev.caravan.config.settings.Version;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The result of looking for aiperf. */
public sealed interface AiperfInstall {

  /** The aiperf version that Caravan is built for and tested with. */
  String TESTED_VERSION = Version.AIPERF;

  /**
   * An aiperf that works.
   *
   * @param command absolute path of the program
   * @param version the version it printed for {@code --version}
   * @param interpreter the Python that runs its script; empty if the program is not a Python
   *     script, for example a wrapper
   */
  record Usable(Path command, String version, Optional<Path> interpreter) implements AiperfInstall {

    /** The version of its Python; empty if that does not belong to a virtual environment. */
    public Optional<String> pythonVersion() {
      return interpreter
          .map(python -> python.getParent().resolveSibling("pyvenv.cfg"))
          .flatMap(Usable::versionIn);
    }

    private static Optional<String> versionIn(Path configuration) {
      try {
        return RegularFiles.text(configuration)
            .lines()
            .filter(line -> line.matches("version(_info)? *= *\\d[\\w.+]{0,40}"))
            .map(line -> line.substring(line.indexOf('=') + 1).strip())
            .findFirst();
      } catch (IOException e) {
        return Optional.empty();
      }
    }

    /** A warning for the user if this is not the tested version. */
    public Optional<String> warning() {
      return version.equals(TESTED_VERSION)
          ? Optional.empty()
          : Optional.of(
              "aiperf %s (%s) is not the version tested with Caravan (%s); using it anyway"
                  .formatted(version, command, TESTED_VERSION));
    }
  }

  /**
   * No working aiperf.
   *
   * @param message the reason and what to do about it
   */
  record Unusable(String message) implements AiperfInstall {}
}
