package dev.caravan.observe.report;

import dev.caravan.model.Batch;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tells what kind of folder of a result tree one is. */
public final class TreeFolderKind {

  /** Levels of folders above batches: results folder, batch name. */
  private static final int DEPTH = 3;

  private TreeFolderKind() {}

  /** Whether a batch of Caravan lies in this folder. */
  static boolean isBatch(Path folder) {
    return Files.isRegularFile(folder.resolve(Batch.RECORD));
  }

  /** Whether a run lies in this folder, of whichever program. */
  static boolean isRun(Path folder) {
    RunFolder run = new RunFolder(folder);
    return Files.isRegularFile(run.runMetadata())
        || Files.isRegularFile(run.export())
        || Files.isRegularFile(run.processResult());
  }

  /** The folders in this one, hidden ones and those of aiperf left out, sorted by name. */
  static List<Path> folders(Path folder) throws IOException {
    return new DurableFiles()
        .list(folder).stream()
            .filter(Files::isDirectory)
            .filter(each -> !each.getFileName().toString().startsWith("."))
            .filter(each -> !List.of("logs", "phases", "attempts").contains(name(each)))
            .toList();
  }

  /** The batches in this folder, at most three levels down; the folder itself when it is one. */
  public static List<Path> batches(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    collect(folder, DEPTH, found);
    return found;
  }

  private static void collect(Path folder, int depth, List<Path> found) throws IOException {
    List<Path> inside = folders(folder);
    if (isBatch(folder) || isRun(folder) || inside.stream().anyMatch(TreeFolderKind::isRun)) {
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
