package dev.caravan.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The jar that the build has packaged, in the copy that the launcher script runs, with the class
 * archive that the script makes for it.
 */
final class PackagedJar {

  static final Path CHECKOUT =
      Path.of(System.getProperty("caravan.test.basedir", ".")).toAbsolutePath();
  private static final Path BUILT =
      Path.of(System.getProperty("caravan.test.jar", CHECKOUT.resolve("target/caravan.jar") + ""));

  private final Path jar;

  private PackagedJar(Path jar) {
    this.jar = jar;
  }

  /** Prepared at the first use: unit tests, which run before there is a jar, use none. */
  private static final class Prepared {
    static final PackagedJar JAR = prepare();
  }

  /** The jar, ready to run. */
  static PackagedJar get() {
    return Prepared.JAR;
  }

  Path path() {
    return jar;
  }

  /** A Java command without a main class, with the options of the script. */
  List<String> java(Path temp) {
    List<String> argv = new ArrayList<>();
    argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    argv.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xlog:disable"));
    archive().ifPresent(archive -> argv.add("-XX:SharedArchiveFile=" + archive));
    argv.add("-Djava.io.tmpdir=" + temp);
    return argv;
  }

  private Optional<Path> archive() {
    String start =
        jar.getFileName().toString().replace(".jar", "-java" + System.getProperty("java.version"));
    return LiveTree.list(jar.getParent()).stream()
        .filter(file -> file.getFileName().toString().startsWith(start + "-"))
        .filter(file -> file.toString().endsWith(".jsa") && file.toFile().length() > 0)
        .findFirst();
  }

  private static PackagedJar prepare() {
    try {
      markCurrent();
      makeArchive();
      // Scripts of other JVMs make archives in that folder meanwhile: what is gone is of time 0.
      Path jar =
          LiveTree.list(BUILT.resolveSibling("run")).stream()
              .filter(copy -> copy.toString().endsWith(".jar"))
              .max(Comparator.comparingLong(copy -> copy.toFile().lastModified()))
              .orElse(BUILT);
      return new PackagedJar(jar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** By a demo that is refused, since the script makes the archive for long commands only. */
  private static void makeArchive() throws IOException, InterruptedException {
    ProcessBuilder script =
        new ProcessBuilder(CHECKOUT.resolve("caravan").toString(), "demo", "--workers", "0")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    script.environment().put("JAVA_HOME", System.getProperty("java.home"));
    int exit = script.start().waitFor();
    if (exit != 2) {
      throw new IllegalStateException("caravan demo --workers 0 exited with " + exit);
    }
  }

  /**
   * Keeps the script from building the jar again: the build that runs these tests has just checked
   * it. The script builds when a source is newer than the jar, so its time is set to now.
   */
  private static void markCurrent() throws IOException {
    if (!Files.isRegularFile(BUILT)) {
      throw new IOException("there is no " + BUILT + "; these tests run after mvn package");
    }
    FileTime made = Files.getLastModifiedTime(BUILT);
    for (String source : List.of("pom.xml", "src/main", "routes")) {
      try (Stream<Path> walk = Files.walk(CHECKOUT.resolve(source))) {
        if (walk.anyMatch(file -> file.toFile().lastModified() > made.toMillis())) {
          Files.setLastModifiedTime(BUILT, FileTime.from(Instant.now()));
          return;
        }
      }
    }
  }
}
