package dev.caravan.pipeline.run;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Keeps earlier attempts of a run in {@code attempts/<n>/}, so that nothing ever starts in a folder
 * that still holds one.
 */
final class AttemptArchive {

  static final String FOLDER = "attempts";
  private static final Set<String> OF_THE_BATCH =
      Set.of(
          Batch.CONFIG,
          Batch.RECORD,
          "control.json",
          "summary.json",
          "results.csv",
          "lock",
          FOLDER);

  private final DurableFiles durableFiles;

  AttemptArchive(DurableFiles durableFiles) {
    this.durableFiles = durableFiles;
  }

  /** Whether the folder holds anything of an attempt. */
  boolean holdsOne(Path runFolder) throws IOException {
    return !entries(runFolder).isEmpty();
  }

  /** Number of the next attempt: 1 when there was none. */
  int next(Path runFolder) throws IOException {
    return whole(runFolder) + 1;
  }

  /**
   * Moves what lies in the run folder to {@code attempts/<n>/}, process_result.json last; when that
   * is cut off, the next call goes on with it.
   */
  void setAside(Path runFolder) throws IOException {
    Path aside = runFolder.resolve(FOLDER).resolve(String.valueOf(next(runFolder)));
    durableFiles.createDirectories(aside);
    List<Path> entries = new ArrayList<>(entries(runFolder));
    Predicate<Path> last = entry -> entry.endsWith(RunFolder.PROCESS_RESULT);
    for (Path entry : entries.stream().filter(last.negate()).toList()) {
      durableFiles.move(entry, aside.resolve(entry.getFileName()));
    }
    for (Path entry : entries.stream().filter(last).toList()) {
      durableFiles.move(entry, aside.resolve(entry.getFileName()));
    }
  }

  /** The process_result.json of attempt {@code n} that lies aside. */
  Path result(Path runFolder, int n) {
    return runFolder.resolve(FOLDER).resolve(String.valueOf(n)).resolve(RunFolder.PROCESS_RESULT);
  }

  /** The cause of the last attempt that lies aside; empty when there is none. */
  String lastCause(Path runFolder) throws IOException {
    return ProcessResult.head(result(runFolder, whole(runFolder))).map(Head::cause).orElse("");
  }

  /** How many attempts lie aside whole. */
  private int whole(Path runFolder) throws IOException {
    int n = 0;
    while (Files.exists(result(runFolder, n + 1))) {
      n++;
    }
    return n;
  }

  /** All files of the attempt that lies in the run folder, also those in folders below. */
  List<Path> files(Path runFolder) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path entry : entries(runFolder)) {
      try (Stream<Path> walk = Files.walk(entry)) {
        walk.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
            .forEach(files::add);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
    return files;
  }

  private List<Path> entries(Path runFolder) throws IOException {
    return durableFiles.list(runFolder).stream()
        .filter(entry -> !OF_THE_BATCH.contains(entry.getFileName().toString()))
        .filter(entry -> !entry.getFileName().toString().startsWith("report."))
        .toList();
  }
}
