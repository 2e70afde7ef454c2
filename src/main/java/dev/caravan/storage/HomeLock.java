package dev.caravan.storage;

import dev.caravan.config.settings.SettingsRefusedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One daemon a home. The lock file holds nothing and is opened here alone, since closing it
 * elsewhere in this process would drop the lock in silence; the pid lies in a file beside it.
 */
public final class HomeLock implements AutoCloseable {

  private static final String FILE = "lock";
  private static final long ASKING_NANOS = 100_000_000L;

  private final FileChannel channel;
  private final FileLock lock;

  private HomeLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Takes the home for this process.
   *
   * @throws SettingsRefusedException when another Caravan has it; its pid is named
   */
  public static HomeLock take(Home home, DurableFiles files) throws IOException {
    files.createDirectories(home.state());
    Path pid = home.state().resolve("pid");
    FileChannel channel =
        FileChannel.open(
            home.state().resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = tryLock(channel);
      if (lock != null) {
        Files.writeString(pid, ProcessHandle.current().pid() + "\n");
        return new HomeLock(channel, lock);
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new SettingsRefusedException("this process serves " + home.root() + " already");
    }
    channel.close();
    String other = Files.exists(pid) ? " (pid " + Files.readString(pid).strip() + ")" : "";
    throw new SettingsRefusedException("another Caravan serves the home " + home.root() + other);
  }

  /** Commands that ask whether a daemon is there hold the lock for an instant. */
  private static FileLock tryLock(FileChannel channel) throws IOException {
    long end = System.nanoTime() + ASKING_NANOS;
    FileLock lock = channel.tryLock();
    while (lock == null && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
      lock = channel.tryLock();
    }
    return lock;
  }

  /** Whether a daemon serves the home; not to be asked in that daemon's own process. */
  public static boolean isTaken(Home home) throws IOException {
    Path file = home.state().resolve(FILE);
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true);
      if (lock == null) {
        return true;
      }
      lock.release();
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
