package dev.caravan.storage;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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

  /** The home and the configured results roots. */
  public static OutputRoots of(Settings settings) {
    Path home = settings.home();
    Stream<Path> configured = settings.list(Setting.RESULTS_ROOTS).stream().map(home::resolve);
    return new OutputRoots(home, Stream.concat(Stream.of(home), configured).toList(), false);
  }

  /** The same roots, and every other folder: for commands. */
  public static OutputRoots anywhere(Settings settings) {
    return new OutputRoots(settings.home(), of(settings).roots(), true);
  }

  /** The absolute path of an {@code output_base_dir}. */
  public Path resolve(String outputBaseDir) {
    return home.resolve(outputBaseDir).normalize();
  }

  /** The absolute path of the folder that holds the batches of this name. */
  public Path batches(String outputBaseDir, String batchName) {
    return resolve(outputBaseDir).resolve(batchName);
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
