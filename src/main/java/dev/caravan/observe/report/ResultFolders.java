package dev.caravan.observe.report;

import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Recognizes the batch and run folders of result trees, of any program. */
public final class ResultFolders {

  /** Levels of folders searched for batches. */
  private static final int MAX_DEPTH = 3;

  /** The name of a batch folder, of Caravan and of {@code run_aiperf.py}. */
  private static final Pattern TIMESTAMP = Pattern.compile("\\d{8}_\\d{6}(?:_\\d+)?");

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
    boolean holdsBatches = !isBatch(folder) && holdsBatches(folder);
    if (isBatch(folder) || !holdsBatches && isRun(folder)) {
      found.add(folder);
      return;
    }
    List<Path> runs = holdsBatches ? List.of() : ForeignRuns.in(folder);
    if (!runs.isEmpty()) {
      found.add(folder);
    }
    for (Path each : depth > 0 ? folders(folder) : List.<Path>of()) {
      if (runs.stream().noneMatch(run -> run.startsWith(each))) {
        collect(each, depth - 1, found);
      }
    }
  }

  /**
   * Whether folders in this one are batches by themselves, as batches of one run are: what is
   * beside them is no run of one batch with them.
   */
  private static boolean holdsBatches(Path folder) throws IOException {
    for (Path each : folders(folder)) {
      boolean isNamedByTime = TIMESTAMP.matcher(name(each)).matches();
      if (isBatch(each) || isNamedByTime && (hasMetadata(each) || holdsRunsOnly(each))) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasMetadata(Path folder) {
    return Files.isRegularFile(new RunFolder(folder).runMetadata());
  }

  private static boolean holdsRunsOnly(Path folder) throws IOException {
    return !isRun(folder) && !ForeignRuns.in(folder).isEmpty();
  }

  private static String name(Path folder) {
    return folder.getFileName().toString();
  }
}
