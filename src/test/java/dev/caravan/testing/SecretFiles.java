package dev.caravan.testing;

import java.nio.file.Path;
import java.util.List;

/** Looks for a secret in files. */
public final class SecretFiles {

  private SecretFiles() {}

  /** The files below a folder that contain a text. */
  public static List<String> containing(Path folder, String secret) {
    return LiveTree.files(folder).stream()
        .filter(file -> LiveTree.text(file).contains(secret))
        .map(Path::toString)
        .toList();
  }
}
