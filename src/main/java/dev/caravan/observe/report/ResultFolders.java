package dev.caravan.observe.report;

import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Recognizes the batch and run folders of result trees, of any program. */
public final class ResultFolders {

  /** Levels of folders searched for batches. */
  private static final int MAX_DEPTH = 3;

  private ResultFolders() {}

  /** Whether this is the folder of a Caravan batch. */
  public static boolean isBatch(Path folder) {
    return Files.isRegularFile(folder.resolve(BatchFolder.RECORD));
  }

  /** Whether this is the folder of a run, of Caravan or another program. */
  static boolean isRun(Path folder) {
    RunFolder run = new RunFolder(folder);
    return Files.isRegularFile(run.runMetadata())
        || Files.isRegularFile(run.export())
        || Files.isRegularFile(run.processResult());
  }

  /** The folders in this one, sorted by name, without hidden ones and those within runs. */
  static List<Path> folders(Path folder) throws IOException {
    return new DurableFiles()
        .list(folder).stream()
            .filter(Files::isDirectory)
            .filter(each -> !each.getFileName().toString().startsWith("."))
            .filter(each -> !List.of("logs", "phases", RunFolder.ATTEMPTS).contains(name(each)))
            .toList();
  }

  /** The batches up to three levels below this folder, or the folder itself when it is a batch. */
  public static List<Path> batches(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    collect(folder, MAX_DEPTH, found);
    return found;
  }

  private static void collect(Path folder, int depth, List<Path> found) throws IOException {
    List<Path> inside = folders(folder);
    if (isBatch(folder) || isRun(folder) || inside.stream().anyMatch(ResultFolders::isRun)) {
      found.add(folder);
    } else if (depth > 0) {
      for (Path each : inside) {
        collect(each, depth - 1, found);
      }
    }
  }

  private static String name(Path folder) {
    return folder.getFileName().toString();
  }
}
