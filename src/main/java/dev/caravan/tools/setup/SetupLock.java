package dev.caravan.tools.setup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one setup of a user work at a time, on this machine and in this JVM. */
final class SetupLock implements AutoCloseable {

  private static final ReentrantLock HERE = new ReentrantLock();

  private final FileChannel channel;

  private SetupLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits for its turn, and says so while it waits. */
  @SuppressWarnings("try")
  static SetupLock take(Path file, SetupProgress progress, Duration heartbeat)
      throws IOException, InterruptedException {
    if (!HERE.tryLock()) {
      try (ProgressTicker waiting = waiting(progress, heartbeat)) {
        HERE.lockInterruptibly();
      }
    }
    SetupLock lock = new SetupLock(open(file));
    try {
      lock(lock.channel, progress, heartbeat);
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
      HERE.unlock();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HERE.unlock();
    }
  }

  @SuppressWarnings("try")
  private static void lock(FileChannel channel, SetupProgress progress, Duration heartbeat)
      throws IOException, InterruptedException {
    if (channel.tryLock() != null) {
      return;
    }
    try (ProgressTicker waiting = waiting(progress, heartbeat)) {
      FileLock lock = channel.tryLock();
      while (lock == null) {
        TimeUnit.MILLISECONDS.sleep(200);
        lock = channel.tryLock();
      }
    }
  }

  private static ProgressTicker waiting(SetupProgress progress, Duration heartbeat) {
    progress.line("Another caravan setup is at work; waiting for it");
    return new ProgressTicker(progress, heartbeat, () -> "the other setup is still at work");
  }
}
