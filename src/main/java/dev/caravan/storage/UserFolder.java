package dev.caravan.storage;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The folder of the user, which is not the home of a daemon. */
final class UserFolder {

  private UserFolder() {}

  /** By HOME; where that is empty or relative, as the system has it. */
  static Path of(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("HOME"))
        .filter(text -> text.startsWith("/"))
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home")));
  }
}
