package dev.caravan.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** Who put a file where it is: the only name that a file dropped into a folder carries. */
public final class FileOwner {

  private FileOwner() {}

  /** The user whose file it is, links not followed; empty when that cannot be told. */
  public static Optional<String> of(Path file) {
    try {
      return Optional.of(Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName());
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }
}
