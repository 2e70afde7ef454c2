package dev.caravan.pipeline.accept;

import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.model.Batch;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;

/** One one-shot command a batch: held as long as it works on it. The lock file holds nothing. */
public final class BatchLock implements AutoCloseable {

  /** The file in a batch folder. */
  public static final String FILE = "lock";

  private final FileChannel channel;
  private final FileLock lock;

  private BatchLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Takes a batch for this process.
   *
   * @throws SettingsRefusedException when another Caravan is at work on it
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
      throw new SettingsRefusedException("this process works on " + batch.id() + " already");
    }
    channel.close();
    throw new SettingsRefusedException("another Caravan works on " + batch.folder());
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
