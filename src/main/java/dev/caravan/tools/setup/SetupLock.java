package dev.caravan.tools.setup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one setup per user run at a time, across processes and within this JVM. */
final class SetupLock implements AutoCloseable {

  private static final ReentrantLock JVM_LOCK = new ReentrantLock();

  private final FileChannel channel;

  private SetupLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Acquires the lock; reports progress while waiting. */
  @SuppressWarnings("try")
  static SetupLock acquire(Path file, SetupProgress progress, Duration progressInterval)
      throws IOException, InterruptedException {
    if (!JVM_LOCK.tryLock()) {
      try (ProgressTicker ticker = waitTicker(progress, progressInterval)) {
        JVM_LOCK.lockInterruptibly();
      }
    }
    SetupLock lock = new SetupLock(open(file));
    try {
      lock(lock.channel, progress, progressInterval);
      return lock;
    } catch (IOException | InterruptedException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static FileChannel open(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      JVM_LOCK.unlock();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      JVM_LOCK.unlock();
    }
  }

  @SuppressWarnings("try")
  private static void lock(FileChannel channel, SetupProgress progress, Duration progressInterval)
      throws IOException, InterruptedException {
    if (channel.tryLock() != null) {
      return;
    }
    try (ProgressTicker ticker = waitTicker(progress, progressInterval)) {
      FileLock lock = channel.tryLock();
      while (lock == null) {
        TimeUnit.MILLISECONDS.sleep(200);
        lock = channel.tryLock();
      }
    }
  }

  private static ProgressTicker waitTicker(SetupProgress progress, Duration progressInterval) {
    progress.line("Waiting for another caravan setup to finish");
    return new ProgressTicker(progress, progressInterval, () -> "the other setup is still running");
  }
}
