package dev.caravan.pipeline.run;

import dev.caravan.config.Target;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.pipeline.target.ReadinessText;
import dev.caravan.storage.FileFailures;
import dev.caravan.storage.ProcessUser;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
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
 * Locks shared by all Caravan processes of a host: one per target, and one slot for each run that
 * may execute on the host at the same time. A dead holder never blocks, since the kernel releases
 * its locks. Lock files are empty, and only this class opens them, never twice in a process:
 * closing a second descriptor would silently release the lock. A {@code .holder} file beside each
 * lock names its holder.
 */
public final class HostLocks {

  private static final Logger LOG = LoggerFactory.getLogger(HostLocks.class);
  private static final int MAX_HOLDER_BYTES = 1 << 13; // all users may write the file
  private static final Set<PosixFilePermission> ALL_USERS =
      PosixFilePermissions.fromString("rw-rw-rw-");

  private final Path folder;
  private final int slots;
  private final String holder;
  private final Map<String, HeldLock> held = new HashMap<>();
  private final Map<String, List<String>> namesByRun = new HashMap<>();
  private volatile Optional<String> failure = Optional.empty();

  private record HeldLock(FileChannel channel, FileLock lock) {}

  /** The locks of these settings: as many slots as runs that may execute here at once. */
  public static HostLocks of(Settings settings) {
    Setting slots =
        settings.text(Setting.HOST_PARALLEL).isBlank() ? Setting.WORKERS : Setting.HOST_PARALLEL;
    return new HostLocks(
        settings.home().resolve(settings.text(Setting.LOCKS_DIR)),
        settings.count(slots, 1),
        "home " + settings.home());
  }

  /**
   * The locks in this folder, which is created, writable by all users, if it is missing.
   *
   * @param slots number of runs that may execute on this host at the same time
   * @param holder how to name this process to others, such as by its home
   */
  public HostLocks(Path folder, int slots, String holder) {
    this.folder = folder;
    this.slots = slots;
    this.holder = "pid " + ProcessHandle.current().pid() + ", " + holder;
    try {
      Files.createDirectories(folder.toAbsolutePath().getParent());
      makeFolder();
    } catch (IOException e) {
      throw new SettingsRefusedException("cannot create the locks folder " + FileFailures.words(e));
    }
  }

  /** Again, once a cleaner of temporary files has removed it; but no home that is gone. */
  private void makeFolder() throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    try {
      Files.createDirectory(folder);
      // Like /tmp: all users may add files, but not remove those of others.
      Files.setAttribute(folder, "unix:mode", 01777);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw new NotDirectoryException(e.getFile());
      }
    }
  }

  /**
   * Locks a target and a slot for a run.
   *
   * @return empty on success; otherwise a message that names the current holder, or what cannot be
   *     locked and why
   */
  public synchronized Optional<String> take(String run, Target target) {
    try {
      makeFolder();
      Optional<String> holder = takeBoth(run, target);
      failure = Optional.empty();
      return holder;
    } catch (IOException e) {
      failure = Optional.of(unusable(FileFailures.words(e)));
      return failure;
    }
  }

  private Optional<String> takeBoth(String run, Target target) throws IOException {
    String name = target.fileName();
    if (!lock(name)) {
      return Optional.of(
          target + " is being benchmarked by another process (" + holderOf(name) + ")");
    }
    try {
      return takeSlot(run, name);
    } finally {
      if (!namesByRun.containsKey(run)) {
        unlock(name);
      }
    }
  }

  private Optional<String> takeSlot(String run, String targetName) throws IOException {
    for (int slot = 1; slot <= slots; slot++) {
      if (lock("host-" + slot)) {
        namesByRun.put(run, List.of(targetName, "host-" + slot));
        return Optional.empty();
      }
    }
    return Optional.of("another benchmark is running on this host (" + holderOf("host-1") + ")");
  }

  /** Why nothing can be locked, whatever it is; empty if it can. */
  public Optional<String> closedReason() {
    try {
      makeFolder();
      return Files.isWritable(folder)
          ? Optional.empty()
          : Optional.of(unusable("it cannot be written"));
    } catch (IOException e) {
      return Optional.of(unusable(FileFailures.words(e)));
    }
  }

  /** The same, and why what was to be locked last cannot be. */
  public Optional<String> trouble() {
    return closedReason().or(() -> failure);
  }

  private String unusable(String why) {
    return "cannot use the locks in " + folder + " (" + Setting.LOCKS_DIR.key() + "): " + why;
  }

  /** Releases the locks of this run, if it holds any. */
  public synchronized void release(String run) throws IOException {
    for (String name : Optional.ofNullable(namesByRun.remove(run)).orElse(List.of())) {
      unlock(name);
    }
  }

  private boolean lock(String name) throws IOException {
    if (held.containsKey(name)) {
      return false;
    }
    Path file = folder.resolve(name + ".lock");
    FileChannel channel = open(file);
    try {
      lock(name, file, channel);
    } finally {
      if (!held.containsKey(name)) {
        channel.close();
      }
    }
    return held.containsKey(name);
  }

  private void lock(String name, Path file, FileChannel channel) throws IOException {
    Object opened = fileKey(file);
    // Must come before the lock: to set a time, Java opens and closes the file, which would release
    // the lock (fcntl(2)).
    openToAllUsers(file);
    FileLock lock = channel.tryLock();
    if (lock == null || !opened.equals(fileKey(file))) {
      return;
    }
    held.put(name, new HeldLock(channel, lock));
    if (!holderOf(name).equals(holder)) {
      writeHolder(name);
    }
  }

  /**
   * Opens a file in the folder, or creates it. Two separate calls, since in a sticky folder Linux
   * does not open another user's file with O_CREAT (fs.protected_regular).
   */
  private static FileChannel open(Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !RegularFiles.exists(file)) {
      throw new FileSystemException(file.toString(), null, "not a file: remove it");
    }
    try {
      return FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return FileChannel.open(
          file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }
  }

  private void unlock(String name) throws IOException {
    HeldLock removed = held.remove(name);
    if (removed != null) {
      removed.lock().release();
      removed.channel().close();
    }
  }

  /** Identifies the file that has this name now; the one that was opened may have been removed. */
  private static Object fileKey(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return "gone";
    }
  }

  /**
   * Makes a file writable by all users, and updates its time so that cleaners of /tmp keep it.
   * Follows no link, with which another user may have replaced it.
   */
  static void openToAllUsers(Path file) throws IOException {
    if (ProcessUser.owns(file)) {
      PosixFileAttributeView attributes =
          Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      attributes.setPermissions(ALL_USERS);
      attributes.setTimes(FileTime.from(Instant.now()), null, null);
    }
  }

  /** Writes the holder's name for others to read; if this fails, the lock is still held. */
  private void writeHolder(String name) {
    Path file = folder.resolve(name + ".holder");
    try (FileChannel channel = open(file)) {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)));
      openToAllUsers(file);
    } catch (IOException e) {
      LOG.debug("Cannot write {}: {}", file, e.toString());
    }
  }

  private String holderOf(String name) {
    try {
      byte[] found = RegularFiles.read(folder.resolve(name + ".holder"), MAX_HOLDER_BYTES);
      return ReadinessText.clean(
          new String(found, StandardCharsets.UTF_8).strip(), MAX_HOLDER_BYTES);
    } catch (IOException e) {
      return "another Caravan";
    }
  }
}
