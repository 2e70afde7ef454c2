package dev.caravan.observe.compare;

import dev.caravan.pipeline.process.PidNamespace;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A temporary folder to unpack an archive into. It is deleted when it is closed, when the program
 * is told to end, and, after a kill, when the same user makes the next one; one of another
 * container a week later.
 */
final class UnpackFolder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(UnpackFolder.class);
  private static final String PREFIX = "caravan-compare-";
  private static final Pattern NAME =
      Pattern.compile(PREFIX + "(\\d{1,10})-(?:([0-9a-f]{4})-)?\\d+");

  private final DurableFiles files = new DurableFiles();
  private final Thread atExit = new Thread(this::deleteOrLog, "delete-unpacked");
  private final Path path;
  private boolean isDeleted;

  private UnpackFolder(Path path) {
    this.path = path;
  }

  /** A new folder in this one, from which those that killed processes left are removed. */
  static UnpackFolder in(Path parent) throws IOException {
    String owner = ProcessHandle.current().pid() + "-" + PidNamespace.tag();
    Path path = Files.createTempDirectory(parent, PREFIX + owner + "-");
    UnpackFolder folder = new UnpackFolder(path);
    Runtime.getRuntime().addShutdownHook(folder.atExit);
    folder.removeStale();
    return folder;
  }

  Path path() {
    return path;
  }

  /** Makes a file in it, with its folders. */
  synchronized OutputStream create(String name) throws IOException {
    if (isDeleted) {
      throw new NoSuchFileException(path.toString(), null, "the program ends");
    }
    Path file = path.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
  }

  private void removeStale() throws IOException {
    for (Path other : files.list(path.getParent())) {
      Matcher name = NAME.matcher(other.getFileName().toString());
      if (name.matches() && isLeft(name, other) && isOwn(other)) {
        deleteOrLog(other);
      }
    }
  }

  private static boolean isLeft(Matcher name, Path other) {
    String tag = Objects.requireNonNullElse(name.group(2), "none, of an earlier version");
    return PidNamespace.hasEnded(Long.parseLong(name.group(1)), tag, other);
  }

  private boolean isOwn(Path other) {
    try {
      return Files.getOwner(other, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(path));
    } catch (IOException e) {
      return false; // gone by now
    }
  }

  private void deleteOrLog(Path folder) {
    try {
      files.delete(folder);
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("Cannot remove {}: {}", folder, e.toString());
    }
  }

  private synchronized void deleteOrLog() {
    isDeleted = true;
    deleteOrLog(path);
  }

  @Override
  public void close() {
    deleteOrLog();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      LOG.debug("The program ends already", e);
    }
  }
}
