package dev.caravan.pipeline.process;

import dev.caravan.config.settings.Version;
import java.nio.file.Path;
import java.util.Optional;

/** What was found when aiperf was looked for. */
public sealed interface AiperfInstall {

  /** The version of aiperf that Caravan is made for and tested with. */
  String TESTED_VERSION = Version.AIPERF;

  /**
   * An aiperf that answers.
   *
   * @param command absolute path of the program
   * @param version as it gave it for {@code --version}
   * @param interpreter the Python that its script runs in; empty when it is no Python script, such
   *     as a wrapper
   */
  record Usable(Path command, String version, Optional<Path> interpreter) implements AiperfInstall {

    /** A warning when it is not the tested version. */
    public Optional<String> warning() {
      return version.equals(TESTED_VERSION)
          ? Optional.empty()
          : Optional.of(
              "aiperf %s (%s) has not been tested with Caravan, %s has. It will be used all the same."
                  .formatted(version, command, TESTED_VERSION));
    }
  }

  /**
   * No aiperf to work with.
   *
   * @param message why, and what to do about it
   */
  record Unusable(String message) implements AiperfInstall {}
}
