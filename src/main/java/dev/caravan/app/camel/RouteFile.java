package dev.caravan.app.camel;

import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A route file that is loaded.
 *
 * @param name its name with extension
 * @param origin whose it is
 * @param path the resource, or the file in the home's {@code routes/}
 */
record RouteFile(String name, Origin origin, String path) {

  /** Whose a route file is. */
  enum Origin {
    /** Shipped. */
    OURS("ours"),
    /** The home's, in place of a shipped one. */
    OVERRIDES("yours, in place of ours"),
    /** The home's, in addition to those shipped. */
    ADDED("yours");

    private final String text;

    Origin(String text) {
      this.text = text;
    }

    /** The origin in words. */
    String text() {
      return text;
    }
  }

  /** Its name for users; one of a home begins with {@code routes/}. */
  String display() {
    return (origin == Origin.OURS ? "" : "routes/") + name;
  }

  /** The location under which Camel finds it. */
  String location() {
    return (origin == Origin.OURS ? "classpath:" : "file:") + path;
  }

  /** Its content; that of a home may be a link, as Camel follows it. */
  String text() throws IOException {
    if (origin != Origin.OURS) {
      return RegularFiles.text(Path.of(path).toRealPath());
    }
    try (InputStream in = RouteFile.class.getResourceAsStream("/" + path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
