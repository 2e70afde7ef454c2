package dev.caravan.pipeline.run;

import static java.util.stream.Collectors.toSet;

import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.FileFailures;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Keeps earlier attempts of a run in {@code attempts/<n>/}, so that an attempt never starts in a
 * folder with the files of another.
 */
final class AttemptArchive {

  private final DurableFiles durableFiles;

  AttemptArchive(DurableFiles durableFiles) {
    this.durableFiles = durableFiles;
  }

  /** Whether the run folder has any files of an attempt that began; its hooks run before that. */
  boolean holdsAttempt(Run run) throws IOException {
    return entries(run).stream()
        .anyMatch(entry -> !RunFolder.isOfHook(entry.getFileName().toString()));
  }

  /**
   * Renames files or links that take the place of the run folder, or of that of the earlier
   * attempts; links are not followed.
   */
  void clearFolder(Path runFolder) throws IOException {
    clear(runFolder);
    clear(runFolder.resolve(RunFolder.ATTEMPTS));
  }

  private void clear(Path folder) throws IOException {
    boolean free = !Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
    if (free || Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int n = 1;
    while (!durableFiles.moveIfFree(
        folder, folder.resolveSibling("." + n + "_replaced_" + folder.getFileName()))) {
      n++;
    }
  }

  /** Tries to write a file into this folder; returns why that failed, or empty if it succeeded. */
  Optional<String> unwritable(Path folder) {
    Path check = folder.resolve(BatchFolder.WRITE_CHECK);
    try {
      durableFiles.writeWhole(check, new byte[] {'\n'});
      durableFiles.delete(check);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("cannot write into " + folder + ": " + FileFailures.reason(e));
    }
  }

  /** Number of the next attempt, from 1. */
  int nextNumber(Path runFolder) throws IOException {
    return archived(runFolder) + 1;
  }

  /**
   * Moves the attempt in the run folder to {@code attempts/<n>/}, gives its files of results their
   * superseded names, and moves process_result.json last. If this is interrupted, the next call
   * continues it.
   */
  void setAside(Run run) throws IOException {
    Path runFolder = run.folder();
    Path archived =
        runFolder.resolve(RunFolder.ATTEMPTS).resolve(String.valueOf(nextNumber(runFolder)));
    durableFiles.createDirectories(archived);
    List<Path> entries = new ArrayList<>(entries(run));
    Predicate<Path> isResult = entry -> entry.endsWith(RunFolder.PROCESS_RESULT);
    for (Path entry : entries.stream().filter(isResult.negate()).toList()) {
      durableFiles.move(entry, archived.resolve(entry.getFileName()));
    }
    SupersededNames.give(archived, durableFiles);
    for (Path entry : entries.stream().filter(isResult).toList()) {
      durableFiles.move(entry, archived.resolve(entry.getFileName()));
    }
  }

  /** Path of the archived process_result.json of attempt {@code n}. */
  Path result(Path runFolder, int n) {
    return runFolder
        .resolve(RunFolder.ATTEMPTS)
        .resolve(String.valueOf(n))
        .resolve(RunFolder.PROCESS_RESULT);
  }

  /** The cause of the last archived attempt; empty when there is none. */
  String lastCause(Path runFolder) throws IOException {
    return ProcessResult.head(result(runFolder, archived(runFolder))).map(Head::cause).orElse("");
  }

  /** Number of attempts that are completely archived. */
  private int archived(Path runFolder) throws IOException {
    int n = 0;
    while (Files.exists(result(runFolder, n + 1))) {
      n++;
    }
    return n;
  }

  /** All regular files of the attempt, including those in subfolders, but none withheld. */
  List<Path> files(Run run) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path entry : entries(run)) {
      if (!entry.endsWith(RunFolder.WITHHELD)) {
        files.addAll(filesBelow(entry));
      }
    }
    return files;
  }

  /** What lies in {@code attempts/} without being an earlier attempt that is complete. */
  List<Path> strays(Run run) throws IOException {
    Path archive = run.folder().resolve(RunFolder.ATTEMPTS);
    if (!Files.isDirectory(archive, LinkOption.NOFOLLOW_LINKS)) {
      return List.of(); // What aiperf put there instead: clearFolder() moves it.
    }
    int complete = archived(run.folder());
    Set<String> attempts =
        IntStream.rangeClosed(1, complete).mapToObj(String::valueOf).collect(toSet());
    return durableFiles.list(archive).stream()
        .filter(entry -> !attempts.contains(entry.getFileName().toString()))
        .toList();
  }

  /** Leaves out what cannot be opened: paths that are too long, folders that are not readable. */
  static List<Path> filesBelow(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path left, IOException unreadable) {
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  /** Only a run without sweeps shares its folder with the files of the batch. */
  List<Path> entries(Run run) throws IOException {
    boolean shared = run.folder().equals(run.batch().folder());
    return durableFiles.list(run.folder()).stream()
        .filter(entry -> !shared || !BatchFolder.owns(entry.getFileName().toString()))
        .filter(entry -> !entry.endsWith(RunFolder.ATTEMPTS))
        .toList();
  }
}
