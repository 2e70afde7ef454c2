package dev.caravan.storage;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of the files in a batch folder. A batch without sweeps has one run, whose files are in
 * the same folder; what belongs to the batch is never moved, sent or masked as a part of an
 * attempt.
 */
public final class BatchFolder {

  /** The config, byte for byte. */
  public static final String CONFIG = "config.yaml";

  /** The plan of the batch. */
  public static final String RECORD = "batch.json";

  /** What users have requested for it. */
  public static final String CONTROL = "control.json";

  /** Counts by outcome. */
  public static final String SUMMARY = "summary.json";

  /** One line per run that has ended. */
  public static final String RESULTS = "results.csv";

  /** One line per variant and point, with the spread of its repeats. */
  public static final String GROUPS = "groups.csv";

  /** What it was compared with when it ended, and the verdict. */
  public static final String COMPARISON = "comparison.json";

  /** Which hooks the batch has run. */
  public static final String HOOKS = "batch_hooks.json";

  /** The page with plots. */
  public static final String REPORT = "report.html";

  /** Held while a one-shot run executes the batch. */
  public static final String LOCK = "lock";

  /** Written and deleted to find out whether the folder is writable. */
  public static final String WRITE_CHECK = ".write-check";

  private static final Set<String> NAMES =
      Set.of(
          CONFIG,
          RECORD,
          CONTROL,
          SUMMARY,
          RESULTS,
          GROUPS,
          COMPARISON,
          HOOKS,
          RunFolder.hookLog("before_batch"),
          RunFolder.hookLog("after_batch"),
          LOCK,
          WRITE_CHECK);

  /** What a write that was cut off leaves, by {@link DurableFiles}. */
  private static final Pattern UNFINISHED = Pattern.compile("\\.(.+)\\.[0-9a-f-]{36}\\.tmp");

  private static final String REPORTS = "report.";

  private BatchFolder() {}

  /** Whether a file of this name in a batch folder belongs to the batch, and not to a run. */
  public static boolean owns(String name) {
    String whole = whole(name);
    return NAMES.contains(whole) || whole.startsWith(REPORTS);
  }

  /**
   * Whether a run of the batch in this folder may have ended: a summary may come later than the
   * first results. It costs little, also with thousands of runs.
   */
  public static boolean hasBegun(Path folder) {
    if (!RegularFiles.isGone(folder.resolve(SUMMARY))
        || !RegularFiles.isGone(new RunFolder(folder).processResult())) {
      return true;
    }
    try (DirectoryStream<Path> runs = Files.newDirectoryStream(folder, BatchFolder::isFolder)) {
      return runs.iterator().hasNext();
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException | DirectoryIteratorException e) {
      return true; // nobody can tell now
    }
  }

  private static boolean isFolder(Path entry) {
    return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
  }

  /** The name that a file gets when its write is complete. */
  static String whole(String name) {
    Matcher unfinished = UNFINISHED.matcher(name);
    return unfinished.matches() ? unfinished.group(1) : name;
  }
}
