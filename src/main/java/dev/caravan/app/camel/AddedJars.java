package dev.caravan.app.camel;

import dev.caravan.config.settings.SettingsRefusedException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** The jars that users have put behind ours on the class path. */
public final class AddedJars {

  private static final String CAMEL = "META-INF/maven/org.apache.camel/";
  private static final String PROPERTIES = "/pom.properties";

  private AddedJars() {}

  /**
   * Checks the jars behind the first one on the class path of this process.
   *
   * @throws SettingsRefusedException if one has a part of another Camel version, which would fail
   *     in the middle of a run
   */
  public static void check() {
    String[] classPath = System.getProperty("java.class.path", "").split(File.pathSeparator);
    List<Path> added = Arrays.stream(classPath).skip(1).map(Path::of).toList();
    List<String> faults = added.isEmpty() ? List.of() : faults(added, CamelNames.version());
    if (!faults.isEmpty()) {
      throw new SettingsRefusedException(
          faults.stream().collect(Collectors.joining("; "))
              + "; this Caravan needs version "
              + CamelNames.version()
              + ": replace or remove them (see docs/integrations.md)");
    }
  }

  /** What these jars have of another Camel version than this, a line each. */
  static List<String> faults(List<Path> jars, String version) {
    List<String> faults = new ArrayList<>();
    for (Path jar : jars) {
      if (jar.toString().endsWith(".jar")) {
        camelOf(jar).stream()
            .filter(part -> !part.getProperty("version", "").equals(version))
            .map(
                part ->
                    "%s has %s of version %s"
                        .formatted(
                            jar, part.getProperty("artifactId"), part.getProperty("version")))
            .forEach(faults::add);
      }
    }
    return faults;
  }

  private static List<Properties> camelOf(Path path) {
    try (JarFile jar = new JarFile(path.toFile())) {
      List<Properties> parts = new ArrayList<>();
      for (JarEntry entry : jar.stream().filter(AddedJars::isCamel).toList()) {
        try (InputStream in = jar.getInputStream(entry)) {
          Properties part = new Properties();
          part.load(in);
          parts.add(part);
        }
      }
      return parts;
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsRefusedException("cannot read " + path + ": " + e.getMessage());
    }
  }

  private static boolean isCamel(JarEntry entry) {
    return entry.getName().startsWith(CAMEL) && entry.getName().endsWith(PROPERTIES);
  }
}
