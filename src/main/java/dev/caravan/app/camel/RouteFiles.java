package dev.caravan.app.camel;

import dev.caravan.app.camel.RouteFile.Origin;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Chooses the route files to load: the shipped ones, except where the home's {@code routes/} has a
 * file of the same name, and then every other file in that folder.
 */
final class RouteFiles {

  private static final String EXTENSION = ".camel.yaml";

  /**
   * Folders of the shipped routes. File names are unique across them, as a home overrides by name.
   */
  private static final List<String> GROUPS = List.of("pipeline", "fleet", "observe");

  private RouteFiles() {}

  /**
   * These shipped route files (names without extension), or the home's in their place.
   *
   * @param added whether the home's other route files are loaded, too
   */
  static List<RouteFile> of(Home home, List<String> shipped, boolean added) throws IOException {
    Set<String> own = own(home.routes());
    List<RouteFile> files = new ArrayList<>();
    for (String name : shipped) {
      String file = name + EXTENSION;
      files.add(
          own.contains(file)
              ? ofHome(home, file, Origin.OVERRIDES)
              : new RouteFile(file, Origin.OURS, shipped(file).orElseThrow()));
    }
    own.stream()
        .filter(file -> added && shipped(file).isEmpty())
        .forEach(file -> files.add(ofHome(home, file, Origin.ADDED)));
    return files;
  }

  private static Optional<String> shipped(String file) {
    return GROUPS.stream()
        .map(group -> "routes/" + group + "/" + file)
        .filter(resource -> RouteFiles.class.getResource("/" + resource) != null)
        .findFirst();
  }

  private static RouteFile ofHome(Home home, String file, Origin origin) {
    return new RouteFile(file, origin, home.routes().resolve(file).toString());
  }

  private static Set<String> own(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      Set<String> names = new TreeSet<>();
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(EXTENSION))
          .forEach(names::add);
      return names;
    }
  }
}
