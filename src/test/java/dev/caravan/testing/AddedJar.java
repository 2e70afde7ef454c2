package dev.caravan.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Makes jars such as users put into {@code lib/}. */
public final class AddedJar {

  private static final String SHELF = ShelfComponent.class.getName();

  private AddedJar() {}

  /** A jar with the component {@code shelf}; others may not write to it or its folder. */
  public static Path shelf(Path jar) throws IOException {
    Files.createDirectories(jar.getParent());
    try (InputStream code = AddedJar.class.getResourceAsStream("ShelfComponent.class")) {
      with(
          jar,
          Map.of(
              SHELF.replace('.', '/') + ".class",
              code.readAllBytes(),
              "META-INF/services/org/apache/camel/component/shelf",
              ("class=" + SHELF + "\n").getBytes(StandardCharsets.UTF_8)));
    }
    Files.setPosixFilePermissions(jar.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
    return Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
  }

  /** A jar with these files. */
  public static Path with(Path jar, Map<String, byte[]> files) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        entries.putNextEntry(new JarEntry(file.getKey()));
        entries.write(file.getValue());
      }
    }
    return jar;
  }
}
