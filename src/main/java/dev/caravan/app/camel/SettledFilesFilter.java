package dev.caravan.app.camel;

import dev.caravan.pipeline.accept.SettledFiles;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets camel-file pick up only files that are no longer being written. */
public final class SettledFilesFilter implements GenericFileFilter<File> {

  private static final Logger LOG = LoggerFactory.getLogger(SettledFilesFilter.class);
  private static final int MAX_SAID = 1000;

  private final Set<String> said = ConcurrentHashMap.newKeySet();
  private final SettledFiles settled;
  private final Predicate<Path> mayClaim;

  /** A filter that also leaves alone, for a while, what the inbox could not claim. */
  public SettledFilesFilter(SettledFiles settled, Predicate<Path> mayClaim) {
    this.settled = settled;
    this.mayClaim = mayClaim;
  }

  @Override
  public boolean accept(GenericFile<File> file) {
    if (file.isDirectory() || !readable(file)) {
      return false;
    }
    Path path = Path.of(file.getAbsoluteFilePath());
    return mayClaim.test(path) && settled.settled(path);
  }

  /**
   * Java cannot open a file whose name is not in the encoding of its locale. That file is logged
   * once, and the others are taken.
   */
  private boolean readable(GenericFile<File> file) {
    String name = file.getFile().getName();
    boolean doubtful = name.chars().anyMatch(c -> c > '~' || c == '?');
    boolean readable = !doubtful || exists(file.getAbsoluteFilePath());
    if (!readable && said.size() < MAX_SAID && said.add(name)) {
      LOG.warn("Skipped {}: its name is not UTF-8, or not in this locale; rename it", name);
    }
    return readable;
  }

  private static boolean exists(String path) {
    try {
      return Files.exists(Path.of(path), LinkOption.NOFOLLOW_LINKS);
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
