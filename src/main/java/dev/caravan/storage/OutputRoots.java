package dev.caravan.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where results may go.
 *
 * @param home an {@code output_base_dir} is relative to it
 * @param roots folders that may hold results
 * @param anywhere whether every other place will do as well
 */
public record OutputRoots(Path home, List<Path> roots, boolean anywhere) {

  public OutputRoots {
    roots = List.copyOf(roots);
  }

  /** The folder that an {@code output_base_dir} means. */
  public Path resolve(String outputBaseDir) {
    return home.resolve(outputBaseDir).normalize();
  }

  /** Why results may not go there; empty when they may. Links are resolved first. */
  public Optional<String> refused(String outputBaseDir) {
    try {
      Path real = realOfNearest(resolve(outputBaseDir));
      if (anywhere || allows(real)) {
        return Optional.empty();
      }
      return Optional.of(
          "leads to "
              + real
              + ", outside of the results roots; caravan.results.roots can allow it");
    } catch (InvalidPathException | IOException e) {
      return Optional.of("is no usable folder: " + e.getMessage());
    }
  }

  /** Whether this folder really lies below one of the roots, links resolved. */
  public boolean holds(Path folder) {
    try {
      return anywhere || allows(realOfNearest(folder));
    } catch (IOException e) {
      return false;
    }
  }

  private boolean allows(Path real) throws IOException {
    for (Path root : roots) {
      if (real.startsWith(realOfNearest(root))) {
        return true;
      }
    }
    return false;
  }

  /** The path with links resolved as far as it exists. */
  private static Path realOfNearest(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Path existing = absolute;
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    return existing.toRealPath().resolve(existing.relativize(absolute));
  }
}
