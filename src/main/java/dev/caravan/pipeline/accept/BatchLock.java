package dev.caravan.pipeline.accept;

import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.model.Batch;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;

/** The lock that a one-shot command holds on its batch while it runs. The lock file is empty. */
public final class BatchLock implements AutoCloseable {

  /** Name of the lock file in a batch folder. */
  public static final String FILE = "lock";

  private final FileChannel channel;
  private final FileLock lock;

  private BatchLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Locks a batch for this process.
   *
   * @throws SettingsRefusedException when it is locked already
   */
  public static BatchLock take(Batch batch) throws IOException {
    FileChannel channel =
        FileChannel.open(
            batch.folder().resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new BatchLock(channel, lock);
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new SettingsRefusedException("this process is already running " + batch.id());
    }
    channel.close();
    throw new SettingsRefusedException("another Caravan is running " + batch.folder());
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
