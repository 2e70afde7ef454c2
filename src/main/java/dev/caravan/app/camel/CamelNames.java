package dev.caravan.app.camel;

import dev.caravan.config.text.NearestName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The names of Camel's components, languages and data formats, each with the artifact that has it.
 * The list is made by a test from Camel's catalog.
 */
final class CamelNames {

  /** What a name stands for; the folder below {@code META-INF/services} that tells it is there. */
  enum Kind {
    COMPONENT("component"),
    LANGUAGE("language"),
    DATA_FORMAT("dataformat");

    private final String folder;

    Kind(String folder) {
      this.folder = folder;
    }

    private boolean isThere(String service) {
      return CamelNames.class.getResource(
              "/META-INF/services/org/apache/camel/" + folder + "/" + service)
          != null;
    }

    /** The kind in words. */
    String text() {
      return this == DATA_FORMAT ? "data format" : folder;
    }
  }

  /**
   * A line of the list.
   *
   * @param name the name that routes use
   * @param service the name under which the artifact registers it
   */
  private record Part(Kind kind, String name, String artifact, String service) {

    private static Part of(String line) {
      String[] words = line.split(" ");
      Kind kind = Kind.valueOf(words[0]);
      return new Part(kind, words[1], words[2], words.length > 3 ? words[3] : words[1]);
    }
  }

  private static final NameList LIST = new NameList("camel-names.txt");

  private final List<Part> parts;

  private CamelNames(List<Part> parts) {
    this.parts = parts;
  }

  /** The names of the Camel version that Caravan uses. */
  static CamelNames read() {
    return new CamelNames(LIST.lines().stream().skip(1).map(Part::of).toList());
  }

  /** The Camel version that Caravan uses. */
  static String version() {
    return LIST.lines().get(0);
  }

  /** Whether Camel has something of this kind and name, be it on the class path or not. */
  boolean has(Kind kind, String name) {
    return !find(kind, name).isEmpty();
  }

  /**
   * What is missing for this name, and how to get it; empty if it is on the class path.
   *
   * @param lib the folder to put it into
   */
  Optional<String> missing(Kind kind, String name, String lib) {
    List<Part> found = find(kind, name);
    if (Stream.concat(Stream.of(name), found.stream().map(Part::service)).anyMatch(kind::isThere)) {
      return Optional.empty();
    }
    return Optional.of(
        "no "
            + kind.text()
            + " '"
            + name
            + "'"
            + (found.isEmpty() ? nearest(kind, name) : howToGet(found.get(0), lib)));
  }

  private static String howToGet(Part part, String lib) {
    return ": put %s %s and its dependencies into %s, see docs/integrations.md"
        .formatted(part.artifact(), version(), lib);
  }

  private String nearest(Kind kind, String name) {
    List<String> names =
        parts.stream().filter(part -> part.kind() == kind).map(Part::name).toList();
    return ", and Camel " + version() + " has none" + NearestName.hint(name, names);
  }

  /** Several artifacts can have a data format; the one that is named like it comes first. */
  private List<Part> find(Kind kind, String name) {
    return parts.stream()
        .filter(part -> part.kind() == kind && part.name().equals(name))
        .sorted(Comparator.comparing(part -> !part.service().equals(name)))
        .toList();
  }
}
