package dev.caravan.pipeline.accept;

import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The lock on a batch that a one-shot command holds while it runs it, and that is held while its
 * files are pruned and while it is reopened. The lock file is empty, and gone when its holder is.
 */
public final class BatchLock implements AutoCloseable {

  /** What this process holds: closing a second descriptor would silently release a lock. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;

  private BatchLock(Path folder, Path file, FileChannel channel, FileLock lock) {
    this.folder = folder;
    this.file = file;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Locks a batch for this process.
   *
   * @throws SettingsRefusedException when it is locked already
   */
  public static BatchLock take(Batch batch) throws IOException {
    return take(batch.folder());
  }

  /** The same, for the batch in this folder. */
  public static BatchLock take(Path folder) throws IOException {
    Path real = folder.toRealPath();
    if (!HELD.add(real)) {
      throw new SettingsRefusedException("this process is already running or pruning " + folder);
    }
    Optional<BatchLock> lock = Optional.empty();
    try {
      while (lock.isEmpty()) {
        lock = take(real, folder);
      }
      return lock.get();
    } finally {
      if (lock.isEmpty()) {
        HELD.remove(real);
      }
    }
  }

  /** Empty when the last holder removed the file that was opened here. */
  private static Optional<BatchLock> take(Path real, Path folder) throws IOException {
    Path file = real.resolve(BatchFolder.LOCK);
    RegularFiles.requireFileOrNothing(file); // Opening a FIFO waits for somebody who reads it.
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    Object opened = key(file);
    FileLock lock = channel.tryLock();
    if (lock != null && opened.equals(key(file))) {
      return Optional.of(new BatchLock(real, file, channel, lock));
    }
    channel.close();
    if (lock != null) {
      return Optional.empty();
    }
    throw new SettingsRefusedException("another Caravan is running or pruning " + folder);
  }

  /** Which file the name stands for now. */
  private static Object key(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return "none";
    }
  }

  @Override
  public String toString() {
    return "the lock " + file;
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(file);
      lock.release();
    } finally {
      HELD.remove(folder);
    }
  }
}
