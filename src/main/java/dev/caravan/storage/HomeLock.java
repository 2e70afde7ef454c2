package dev.caravan.storage;

import dev.caravan.config.settings.SettingsRefusedException;
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
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock that allows one daemon per home. The lock file is empty and is opened only here, because
 * closing it elsewhere in this process would silently release the lock; the pid is in a separate
 * file.
 */
public final class HomeLock implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HomeLock.class);
  private static final long RETRY_NANOS = 100_000_000L;

  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;
  private final Object key;

  private HomeLock(Path file, FileChannel channel, FileLock lock) throws IOException {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
    this.key = key(file);
  }

  /**
   * Whether the locked file is gone, such as with its home, or is another one now: this lock keeps
   * nobody from serving the home any more. A file that cannot be looked at is not gone.
   */
  public boolean isLost() {
    try {
      return !key.equals(key(file));
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** What the loss of this lock means, and what has happened, in words. */
  public String loss() {
    return Files.isDirectory(file.getParent())
        ? "another Caravan could serve this home: " + this + " was deleted or replaced"
        : "nothing can be stored: " + this + " was deleted, moved or replaced";
  }

  private static Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  /**
   * Acquires the lock for this process.
   *
   * @throws SettingsRefusedException if another Caravan holds it; the message has its pid
   */
  public static HomeLock acquire(Home home, DurableFiles files) throws IOException {
    files.createDirectories(home.state());
    Path file = StateFile.LOCK.in(home);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = tryLock(channel);
      if (lock != null) {
        forgetLastHolder(home, files);
        tellHolder(home);
        return new HomeLock(file, channel, lock);
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new SettingsRefusedException("this process already serves the home " + home.root());
    }
    channel.close();
    String other = holder(home).map(holder -> " (pid " + holder + ")").orElse("");
    throw new SettingsRefusedException(
        "another Caravan is already serving the home " + home.root() + other);
  }

  /** The process id of the daemon that holds the lock, or held it last; empty if none has yet. */
  public static Optional<String> holder(Home home) {
    try {
      return Optional.of(RegularFiles.text(StateFile.PID.in(home)).strip())
          .filter(pid -> pid.matches("\\d{1,10}"));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The lock holds without the pid, which is for people: a full disk keeps no daemon from it. */
  private static void tellHolder(Home home) {
    try {
      Files.writeString(StateFile.PID.in(home), ProcessHandle.current().pid() + "\n");
    } catch (IOException e) {
      LOG.warn("Cannot store the pid of this daemon: {}", FileFailures.words(e));
    }
  }

  /** What the last daemon wrote about itself must not be mistaken for the state of this one. */
  private static void forgetLastHolder(Home home, DurableFiles files) throws IOException {
    for (StateFile told : List.of(StateFile.STATUS, StateFile.WORKERS)) {
      if (Files.isRegularFile(told.in(home), LinkOption.NOFOLLOW_LINKS)) {
        files.delete(told.in(home));
      }
    }
  }

  /**
   * Retries briefly, because a command that calls {@link #isHeld} holds the lock for an instant.
   */
  private static FileLock tryLock(FileChannel channel) throws IOException {
    long deadline = System.nanoTime() + RETRY_NANOS;
    FileLock lock = channel.tryLock();
    while (lock == null && System.nanoTime() - deadline < 0) {
      Thread.onSpinWait();
      lock = channel.tryLock();
    }
    return lock;
  }

  /** Whether a daemon serves the home. Must not be called in that daemon's own process. */
  public static boolean isHeld(Home home) throws IOException {
    Path file = StateFile.LOCK.in(home);
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
  public String toString() {
    return "the lock " + file;
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
