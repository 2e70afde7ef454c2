package dev.caravan.pipeline.process;

import dev.caravan.storage.FileFailures;
import dev.caravan.storage.ProcessUser;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The private temporary folder of one process. Its path is short because aiperf creates Unix
 * sockets in it, whose paths are limited to 107 bytes.
 */
public final class TempFolder {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(OWNER_ONLY);

  /** Pid, and tag of its namespace. */
  private static final Pattern NAME = Pattern.compile("cv-(\\d{1,10})-([0-9a-f]{4})[0-9a-f]*");

  /** An earlier process may have had our pid. */
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt());

  private static final Logger LOG = LoggerFactory.getLogger(TempFolder.class);

  private TempFolder() {}

  /** The folder of this process's own temporary files, which contains those of others. */
  public static Path parent() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** The variable by which a process knows its folder. */
  static String variable(Path folder) {
    return "TMPDIR=" + folder;
  }

  /**
   * An unused path in {@code base} that contains our pid and its namespace. Does not create the
   * folder.
   */
  public static Path newPath(Path base) {
    String id = PidNamespace.tag() + HexFormat.of().toHexDigits((short) NEXT.getAndIncrement());
    return base.resolve("cv-" + ProcessHandle.current().pid() + "-" + id);
  }

  /**
   * Removes the folders in {@code base} that dead Caravans of this user left behind, and ends the
   * processes that still use them: a Caravan may die after it started one and before it recorded
   * it. What cannot be removed stays and is logged.
   *
   * @return the number of folders removed
   */
  public static int removeOrphaned(Path base) {
    int removed = 0;
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(base, "cv-*-*")) {
      for (Path folder : folders) {
        removed += removeIfOrphaned(folder) ? 1 : 0;
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warn("Cannot look for temporary folders in {}: {}", base, e.toString());
    }
    return removed;
  }

  private static boolean removeIfOrphaned(Path folder) {
    try {
      if (!isOrphaned(folder)) {
        return false;
      }
      ProcessEntry.withVariable(variable(folder))
          .forEach(
              process -> ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly));
      remove(folder);
      return true;
    } catch (NoSuchFileException alreadyGone) {
      return false;
    } catch (IOException e) {
      LOG.warn("Cannot remove the temporary folder {}: {}", folder, e.toString());
      return false;
    }
  }

  private static boolean isOrphaned(Path folder) throws IOException {
    Matcher name = NAME.matcher(folder.getFileName().toString());
    return name.matches()
        && PidNamespace.hasEnded(Long.parseLong(name.group(1)), name.group(2), folder)
        && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && ProcessUser.owns(folder);
  }

  /**
   * Creates the folder, accessible only to its owner.
   *
   * @throws IOException if it already exists or cannot be created; the message says which
   */
  public static void create(Path folder) throws IOException {
    try {
      Files.createDirectories(folder.toAbsolutePath().getParent(), PRIVATE);
      Files.createDirectory(folder, PRIVATE);
    } catch (FileAlreadyExistsException e) {
      throw new IOException("temporary folder '" + folder + "' already exists", e);
    } catch (IOException e) {
      throw new IOException(
          "cannot create temporary folder '%s': %s; CARAVAN_JAVA_OPTS=-Djava.io.tmpdir=DIR sets another"
              .formatted(folder, FileFailures.reason(e)),
          e);
    }
  }

  /**
   * Removes the folder and everything in it. Links are removed, not followed. A missing folder is
   * ignored.
   *
   * @throws IOException if something in it cannot be removed
   */
  public static void remove(Path folder) throws IOException {
    try {
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        empty(folder);
      }
      Files.deleteIfExists(folder);
    } catch (NoSuchFileException alreadyGone) {
      return; // Another process has removed it.
    }
  }

  private static void empty(Path folder) throws IOException {
    try {
      removeEntries(folder);
    } catch (AccessDeniedException e) {
      // A process may have removed its own permissions.
      Files.setPosixFilePermissions(folder, OWNER_ONLY);
      removeEntries(folder);
    }
  }

  private static void removeEntries(Path folder) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        remove(entry);
      }
    }
  }
}
