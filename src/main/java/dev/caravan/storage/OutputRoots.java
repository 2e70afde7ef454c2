package dev.caravan.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The folders that may hold results.
 *
 * @param home the folder that a relative {@code output_base_dir} starts from
 * @param roots folders that may hold results
 * @param unrestricted whether any other folder is allowed too
 */
public record OutputRoots(Path home, List<Path> roots, boolean unrestricted) {

  public OutputRoots {
    roots = List.copyOf(roots);
  }

  /** The absolute path of an {@code output_base_dir}. */
  public Path resolve(String outputBaseDir) {
    return home.resolve(outputBaseDir).normalize();
  }

  /** Why results may not go there; empty if they may. Links are resolved first. */
  public Optional<String> refusal(String outputBaseDir) {
    try {
      Path real = resolveLinks(resolve(outputBaseDir));
      if (unrestricted || allows(real)) {
        return Optional.empty();
      }
      return Optional.of(
          "leads to "
              + real
              + ", outside the results roots; to allow it, add a folder to caravan.results.roots");
    } catch (InvalidPathException | IOException e) {
      return Optional.of("is not a usable folder: " + e.getMessage());
    }
  }

  /** Whether this folder is below one of the roots, with links resolved. */
  public boolean contains(Path folder) {
    try {
      return unrestricted || allows(resolveLinks(folder));
    } catch (IOException e) {
      return false;
    }
  }

  private boolean allows(Path real) throws IOException {
    for (Path root : roots) {
      if (real.startsWith(resolveLinks(root))) {
        return true;
      }
    }
    return false;
  }

  /** The path with links resolved in the part that exists. */
  public static Path resolveLinks(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Path existing = absolute;
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    return existing.toRealPath().resolve(existing.relativize(absolute));
  }
}
