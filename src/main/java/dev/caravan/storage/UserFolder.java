package dev.caravan.storage;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The folder of the user, which is not the home of a daemon. */
final class UserFolder {

  private static final Path NONE = Path.of("/nonexistent");

  private UserFolder() {}

  /**
   * By HOME; where that is empty or relative, as the system has it. Java names the folder of a user
   * whom the system does not know, as in many containers, "?", which would be one in the working
   * directory.
   */
  static Path of(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("HOME"))
        .filter(text -> text.startsWith("/"))
        .or(() -> Optional.of(System.getProperty("user.home")))
        .map(Path::of)
        .filter(Path::isAbsolute)
        .orElse(NONE);
  }
}
