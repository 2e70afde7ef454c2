package dev.caravan.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * All changes to files that must survive go through here: each is on the disk when its method
 * returns, and a file appears whole or not at all.
 */
public class DurableFiles {

  /** Bytes of a file name at most, on any file system of Linux. */
  private static final int LONGEST_NAME = 255;

  /** Writes a file whole: beside its name, synced, then renamed over it. */
  public void writeWhole(Path file, byte[] content) throws IOException {
    Path beside = beside(file);
    try {
      try (FileChannel channel =
          FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(beside);
    }
    sync(file.getParent());
  }

  /**
   * Adds lines to the end of a log; where that fails, nothing of them stays if it can be helped.
   */
  public void append(Path log, byte[] lines) throws IOException {
    boolean isNew = !Files.exists(log);
    try (FileChannel channel =
        FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long end = channel.size();
      try {
        ByteBuffer bytes = ByteBuffer.wrap(lines);
        channel.position(end);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
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

  /** Copies a file whole: beside its new name, synced, then renamed. */
  public void copyWhole(Path from, Path to) throws IOException {
    Path beside = beside(to);
    try {
      Files.copy(from, beside);
      sync(beside);
      Files.move(beside, to, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(beside);
    }
    sync(to.getParent());
  }

  /** Renames on one file system; an existing file at {@code to} is replaced. */
  public void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    sync(to.getParent());
    if (!to.getParent().equals(from.getParent())) {
      sync(from.getParent());
    }
  }

  /**
   * Moves files and folders into a folder under the names they have; all are on the disk when this
   * returns, in no order before that.
   */
  public void moveAll(List<Path> entries, Path folder) throws IOException {
    for (Path entry : entries) {
      Files.move(entry, folder.resolve(entry.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }
    sync(folder);
  }

  /** Renames unless something has that name already; then nothing changes and false comes back. */
  public boolean moveIfFree(Path from, Path to) throws IOException {
    if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    move(from, to);
    return true;
  }

  /** Makes a folder and those above it where they are missing. */
  public void createDirectories(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
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

  /** Removes a file, or a folder with all it holds; links are removed, never followed. */
  public void delete(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    for (Path each : deepestFirst(path)) {
      Files.deleteIfExists(each);
    }
    sync(path.getParent());
  }

  /** Brings a file's content, or a folder's entries, to the disk. */
  public void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Brings every file below a folder to the disk, and the folders themselves. */
  public void syncAll(Path folder) throws IOException {
    for (Path each : deepestFirst(folder)) {
      if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)
          || Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
        sync(each);
      }
    }
  }

  /** Names in a folder, sorted; none when there is no such folder. */
  public List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static Path beside(Path file) {
    String ending = "." + UUID.randomUUID() + ".tmp";
    String name = "." + file.getFileName() + ending;
    boolean fits = name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME;
    return file.resolveSibling(fits ? name : ending);
  }

  private static List<Path> deepestFirst(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
