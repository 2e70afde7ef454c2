package dev.caravan.app.camel;

import dev.caravan.app.camel.RouteFile.Origin;
import dev.caravan.storage.Home;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Chooses the route files to load: the shipped ones, except where the home's {@code routes/} has a
 * file of the same name, and then every other file in that folder.
 */
final class RouteFiles {

  private static final String EXTENSION = ".camel.yaml";

  /** Ends of names by which Camel's other tools know route files, in any case of letters. */
  private static final List<String> LIKE_NAMES = List.of(EXTENSION, ".camel.yml", ".camel.xml");

  private static final Pattern ROUTES =
      Pattern.compile("(?m)^- *(?:(?:route|routeTemplate|routeConfiguration):|from:\\s+uri:)");

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

  /** Why files in the home's {@code routes/} that look like routes are not loaded, a line each. */
  static List<String> notLoaded(Home home) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path entry : entries(home.routes())) {
      if (!name(entry).startsWith(".")) {
        notLoaded(entry).ifPresent(why -> lines.add("routes/" + name(entry) + why));
      }
    }
    return lines;
  }

  private static Optional<String> notLoaded(Path entry) {
    try {
      if (Files.isDirectory(entry)) {
        return entries(entry).stream().anyMatch(file -> name(file).endsWith(EXTENSION))
            ? Optional.of(": is a folder; route files are loaded from routes/ only")
            : Optional.empty();
      }
      return !name(entry).endsWith(EXTENSION) && isLikeRoutes(entry)
          ? Optional.of(": is not loaded; the names of route files end in " + EXTENSION)
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty(); // it is not used, and may be anything
    }
  }

  /** What routes use, such as a table in YAML, may be beside them. */
  private static boolean isLikeRoutes(Path file) throws IOException {
    String name = name(file).toLowerCase(Locale.ROOT);
    return LIKE_NAMES.stream().anyMatch(name::endsWith)
        || (name.endsWith(".yaml") || name.endsWith(".yml"))
            && ROUTES.matcher(RegularFiles.text(file.toRealPath())).find();
  }

  private static String name(Path file) {
    return file.getFileName().toString();
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
    return entries(folder).stream()
        .map(RouteFiles::name)
        .filter(name -> name.endsWith(EXTENSION))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Path> entries(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
