package dev.caravan.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All changes to files that must survive a crash go through this class: a change is on disk when
 * its method returns, unless the method says otherwise, and a file appears whole or not at all.
 * Tests replace it to make any operation fail.
 */
public class DurableFiles {

  private static final Logger LOG = LoggerFactory.getLogger(DurableFiles.class);

  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Set<Path> lastingFolders = ConcurrentHashMap.newKeySet();

  /** What a file is to contain. */
  @FunctionalInterface
  public interface Content {

    /** Writes it. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Writes a file atomically: to a temporary file, which is synced and renamed over it. */
  public void writeWhole(Path file, byte[] content) throws IOException {
    WholeFile.write(file, out -> out.write(content));
    sync(file.getParent());
  }

  /** As {@link #writeWhole}, unless there is a file; returns whether it was written. */
  public boolean writeNew(Path file, byte[] content) throws IOException {
    boolean isWritten = WholeFile.writeNew(file, out -> out.write(content));
    sync(file.getParent());
    return isWritten;
  }

  /**
   * Writes a file as {@link #writeOver}, but does not sync its folder: until that is synced, as by
   * {@link #syncAll}, a power cut may undo this.
   */
  public void writeWithoutFolderSync(Path file, byte[] content) throws IOException {
    setFolderAside(file);
    WholeFile.write(file, out -> out.write(content));
  }

  /** Writes a file as {@link #writeWhole}, whose content need not fit into memory. */
  public void writeStream(Path file, Content content) throws IOException {
    WholeFile.write(file, content);
    sync(file.getParent());
  }

  /** Writes a file as {@link #writeWhole}, readable only by its owner from the start. */
  public void writePrivate(Path file, byte[] content) throws IOException {
    WholeFile.write(
        file, out -> out.write(content), PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    sync(file.getParent());
  }

  /**
   * Writes a file as {@link #writeWhole} where others may have made a folder in its place, which is
   * set aside.
   */
  public void writeOver(Path file, byte[] content) throws IOException {
    setFolderAside(file);
    writeWhole(file, content);
  }

  private void setFolderAside(Path file) throws IOException {
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      LOG.warn("{} is a folder; renamed to {}", file, setAside(file).getFileName());
    }
  }

  /** Appends lines to a log. If that fails, the log is truncated to its former length. */
  public void append(Path log, byte[] lines) throws IOException {
    boolean isNew = !Files.exists(log);
    try (FileChannel channel =
        FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long end = channel.size();
      try {
        Channels.newOutputStream(channel.position(end)).write(lines);
        channel.force(true);
      } catch (IOException e) {
        channel.truncate(end);
        throw e;
      }
    }
    if (isNew) {
      sync(log.getParent());
    }
  }

  /** Copies a file atomically: to a temporary file, which is synced and renamed. */
  public void copyWhole(Path from, Path to) throws IOException {
    Path temporary = FileNames.temporaryFor(to);
    try {
      Files.copy(from, temporary);
      sync(temporary);
      Files.move(temporary, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      throw WholeFile.about(to, e);
    } finally {
      Files.deleteIfExists(temporary);
    }
    sync(to.getParent());
  }

  /** Renames within one file system, replacing an existing file at {@code to}. */
  public void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    sync(to.getParent());
    if (!to.getParent().equals(from.getParent())) {
      sync(from.getParent());
    }
  }

  /**
   * Moves files and folders into a folder, keeping their names. All moves are on disk when this
   * returns; until then, in no particular order.
   */
  public void moveAll(List<Path> entries, Path folder) throws IOException {
    for (Path entry : entries) {
      Files.move(entry, folder.resolve(entry.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }
    sync(folder);
  }

  /**
   * Renames unless {@code to} exists; returns whether it was renamed. Also when another process
   * makes a folder of that name at the same time, unless that is still empty.
   */
  public boolean moveIfFree(Path from, Path to) throws IOException {
    if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try {
      move(from, to);
      return true;
    } catch (FileSystemException e) {
      if (Files.exists(from, LinkOption.NOFOLLOW_LINKS) && Files.exists(to)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Renames what is at a path, whatever it is, to a free name beside it that ends in {@code
   * .damaged}; returns its new path.
   */
  public Path setAside(Path path) throws IOException {
    String name = path.getFileName() + ".damaged";
    Path aside = path.resolveSibling(name);
    for (int n = 2; !moveIfFree(path, aside); n++) {
      aside = path.resolveSibling(name + "_" + n);
    }
    return aside;
  }

  /**
   * From now on this folder, which exists, is not created, nor anything in it once it is gone: what
   * was moved away must not come back as an almost empty folder.
   */
  public void neverCreateAgain(Path folder) {
    lastingFolders.add(folder);
  }

  /**
   * Creates a folder and its missing parents.
   *
   * @throws NoSuchFileException if one of them is {@link #neverCreateAgain not created again}
   */
  public void createDirectories(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (lastingFolders.contains(folder)) {
      throw new NoSuchFileException(folder.toString());
    }
    Path parent = folder.getParent();
    if (parent != null) {
      createDirectories(parent);
    }
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
      return;
    }
    sync(parent);
  }

  /** Deletes a file, or a folder with its content; links are deleted, never followed. */
  public void delete(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    for (Path entry : DeepestFirst.of(path)) {
      Files.deleteIfExists(entry);
    }
    sync(path.getParent());
  }

  /** Deletes a file, but does not sync its folder: a power cut may bring the file back. */
  public void deleteWithoutFolderSync(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /** Forces a file's content, or a folder's entries, to disk. */
  public void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Forces a folder, its subfolders and all their files to disk. */
  public void syncAll(Path folder) throws IOException {
    for (Path entry : DeepestFirst.of(folder)) {
      if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)
          || Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        sync(entry);
      }
    }
  }

  /** The entries of a folder, sorted; empty if there is no such folder, or can be none. */
  public List<Path> list(Path folder) throws IOException {
    if (FileNames.isTooLong(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
  }
}
