package dev.caravan.pipeline.run;

import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.pipeline.target.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks that all Caravans of a host share: one for each target, and as many places as runs may be
 * on the host at once. A dead holder never blocks, since the kernel drops its locks. Lock files
 * hold nothing and are opened here alone, and never twice in this process: closing a second
 * descriptor would drop the lock in silence. Who holds one is told by a file beside it.
 */
public final class HostLocks {

  private static final Logger LOG = LoggerFactory.getLogger(HostLocks.class);
  private static final Set<PosixFilePermission> ALL = PosixFilePermissions.fromString("rw-rw-rw-");

  private final Path folder;
  private final int places;
  private final String holder;
  private final Map<String, Held> held = new HashMap<>();
  private final Map<Path, List<String>> taken = new HashMap<>();

  private record Held(FileChannel channel, FileLock lock) {}

  /**
   * The locks in this folder, which is made for everybody when it is missing.
   *
   * @param places runs at once on this host
   * @param holder what others are told of us, such as the home
   */
  public HostLocks(Path folder, int places, String holder) {
    this.folder = folder;
    this.places = places;
    this.holder = "pid " + ProcessHandle.current().pid() + ", " + holder;
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder);
        // Like /tmp: everybody may add files, nobody may remove those of others.
        Files.setAttribute(folder, "unix:mode", 01777);
      }
    } catch (IOException e) {
      throw new SettingsRefusedException("cannot make the folder of locks " + folder + ": " + e);
    }
  }

  /**
   * Takes a target and a place for the run of this folder; words on who is in the way when that
   * cannot be.
   */
  public synchronized Optional<String> take(Path run, Target target) throws IOException {
    String name = target.fileName();
    if (!lock(name)) {
      return Optional.of(target + " is being benchmarked by another (" + holderOf(name) + ")");
    }
    try {
      return takePlace(run, name);
    } finally {
      if (!taken.containsKey(run)) {
        unlock(name);
      }
    }
  }

  private Optional<String> takePlace(Path run, String targetName) throws IOException {
    for (int place = 1; place <= places; place++) {
      if (lock("host-" + place)) {
        taken.put(run, List.of(targetName, "host-" + place));
        return Optional.empty();
      }
    }
    return Optional.of("another benchmark is on this host (" + holderOf("host-1") + ")");
  }

  /** Gives back what this run holds, if it holds anything. */
  public synchronized void release(Path run) throws IOException {
    for (String name : Optional.ofNullable(taken.remove(run)).orElse(List.of())) {
      unlock(name);
    }
  }

  private boolean lock(String name) throws IOException {
    if (held.containsKey(name)) {
      return false;
    }
    Path file = folder.resolve(name + ".lock");
    FileChannel channel = open(file);
    Object opened = key(file);
    // Before the lock is taken: to set a time Java opens the file and closes it again, which would
    // drop the lock (fcntl(2)).
    forAll(file);
    FileLock lock = channel.tryLock();
    if (lock == null || !opened.equals(key(file))) {
      channel.close();
      return false;
    }
    held.put(name, new Held(channel, lock));
    tell(name);
    return true;
  }

  /**
   * Opens a file of the folder, or makes it. Not both in one call: in a folder like this Linux
   * refuses to open another user's file to those who would also make it (fs.protected_regular).
   */
  private static FileChannel open(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return FileChannel.open(
          file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }
  }

  private void unlock(String name) throws IOException {
    Held gone = held.remove(name);
    if (gone != null) {
      gone.lock().release();
      gone.channel().close();
    }
  }

  /** Which file the name stands for now: somebody may have removed the one that we opened. */
  private static Object key(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return "gone";
    }
  }

  /** Open to all users, and fresh, so that no cleaner of old files takes it away. */
  private static void forAll(Path file) throws IOException {
    if (Files.getOwner(file).getName().equals(System.getProperty("user.name"))) {
      Files.setPosixFilePermissions(file, ALL);
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    }
  }

  /** Tells others who we are; the lock is held all the same when that cannot be done. */
  private void tell(String name) {
    Path file = folder.resolve(name + ".holder");
    try (FileChannel channel = open(file)) {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)));
      forAll(file);
    } catch (IOException e) {
      LOG.debug("Cannot say who holds {}: {}", file, e.toString());
    }
  }

  private String holderOf(String name) {
    try {
      return Files.readString(folder.resolve(name + ".holder")).strip();
    } catch (IOException e) {
      return "another Caravan";
    }
  }
}
