package dev.caravan.pipeline.process;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
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

/**
 * The private temporary folder of one process. Its path is short because aiperf creates Unix
 * sockets in it, whose paths are limited to 107 bytes.
 */
public final class TempFolder {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(OWNER_ONLY);

  private TempFolder() {}

  /** The folder of this process's own temporary files, which contains those of others. */
  public static Path parent() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** The variable by which a process knows its folder. */
  static String variable(Path folder) {
    return "TMPDIR=" + folder;
  }

  /** An unused path in {@code base} that contains our pid. Does not create the folder. */
  public static Path newPath(Path base) {
    String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    return base.resolve("cv-" + ProcessHandle.current().pid() + "-" + id);
  }

  /**
   * Removes the folders in {@code base} that dead Caravans of this user left behind, and ends the
   * processes that still use them: a Caravan may die after it started one and before it recorded
   * it.
   *
   * @return the number of folders removed
   */
  public static int removeOrphaned(Path base) throws IOException {
    int removed = 0;
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(base, "cv-*-*")) {
      for (Path folder : folders) {
        if (isOrphaned(folder)) {
          ProcessEntry.withVariable(variable(folder))
              .forEach(
                  process ->
                      ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly));
          remove(folder);
          removed++;
        }
      }
    }
    return removed;
  }

  private static boolean isOrphaned(Path folder) throws IOException {
    String[] parts = folder.getFileName().toString().split("-");
    return parts.length == 3
        && parts[1].matches("\\d{1,10}")
        && ProcessHandle.of(Long.parseLong(parts[1])).isEmpty()
        && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS)
            .getName()
            .equals(System.getProperty("user.name"));
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
      throw new IOException("cannot create temporary folder '" + folder + "': " + e, e);
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
