package dev.caravan.observe.http;

import dev.caravan.model.Run;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The files of a run, as its page links them. */
final class RunFileLinks {

  private static final int MAX_FILES = 500;
  private static final int MAX_DEPTH = 4;

  private RunFileLinks() {}

  /** A link to a file of a run. */
  public record Link(String name, String href, long size) {}

  private record Found(Path file, long size) {}

  static List<Link> of(Run run) throws IOException {
    Path batch = run.batch().folder();
    String base = "/api/v1/batches/" + UrlPaths.path(run.batch().id()) + "/files/";
    return found(run.folder()).stream()
        .sorted(Comparator.comparing(Found::file))
        .limit(MAX_FILES)
        .map(
            found -> {
              String name = batch.relativize(found.file()).toString();
              return new Link(name, base + UrlPaths.path(name), found.size());
            })
        .toList();
  }

  /**
   * Lists what can be read: files come and go while a run is measured, and a folder may be
   * unreadable.
   */
  private static List<Found> found(Path folder) throws IOException {
    List<Found> files = new ArrayList<>();
    Files.walkFileTree(
        folder,
        Set.of(),
        MAX_DEPTH,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && !LiveOutputMask.isWithheld(file)) {
              files.add(new Found(file, attributes.size()));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException cause) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, IOException cause) {
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}
