package dev.caravan.camel;

import dev.caravan.batch.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which route files are loaded: the shipped ones, a file of the same name in the home's {@code
 * routes/} in place of ours, and what else lies there.
 */
final class RouteFiles {

  private static final String ENDING = ".camel.yaml";

  private RouteFiles() {}

  /** Camel's locations of these shipped routes (names without ending) and the home's own. */
  static List<String> locations(Home home, List<String> shipped) throws IOException {
    Set<String> own = own(home.routes());
    List<String> locations = new ArrayList<>();
    for (String name : shipped) {
      String file = name + ENDING;
      locations.add(own.contains(file) ? location(home, file) : "classpath:routes/" + file);
    }
    own.stream()
        .filter(file -> !isShipped(file))
        .forEach(file -> locations.add(location(home, file)));
    return locations;
  }

  private static boolean isShipped(String file) {
    return RouteFiles.class.getResource("/routes/" + file) != null;
  }

  private static String location(Home home, String file) {
    return "file:" + home.routes().resolve(file);
  }

  private static Set<String> own(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      Set<String> names = new TreeSet<>();
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ENDING))
          .forEach(names::add);
      return names;
    }
  }
}
