package dev.caravan.pipeline.accept;

import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * The lock on a batch that a one-shot command holds while it runs it, and that is held while its
 * files are pruned. The lock file is empty, and gone when its holder is.
 */
public final class BatchLock implements AutoCloseable {

  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;

  private BatchLock(Path file, FileChannel channel, FileLock lock) {
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
    Optional<BatchLock> lock = Optional.empty();
    while (lock.isEmpty()) {
      lock = take(folder.resolve(BatchFolder.LOCK), folder);
    }
    return lock.get();
  }

  /** Empty when the last holder removed the file that was opened here. */
  private static Optional<BatchLock> take(Path file, Path folder) throws IOException {
    RegularFiles.requireFileOrNothing(file); // Opening a FIFO waits for somebody who reads it.
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    Object opened = key(file);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null && opened.equals(key(file))) {
        return Optional.of(new BatchLock(file, channel, lock));
      }
      channel.close();
      if (lock != null) {
        return Optional.empty();
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new SettingsRefusedException("this process is already running " + folder);
    }
    throw new SettingsRefusedException("another Caravan is running " + folder);
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
  public void close() throws IOException {
    Files.deleteIfExists(file);
    lock.release();
    channel.close();
  }
}
