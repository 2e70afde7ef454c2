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
 * The private temporary folder of one process. Its path is short, since aiperf puts Unix sockets
 * under it, whose paths may hold 107 bytes.
 */
public final class TempFolder {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(OWNER_ONLY);

  private TempFolder() {}

  /** A path under {@code base} that nobody uses, with our pid in it; nothing is created. */
  public static Path fresh(Path base) {
    String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    return base.resolve("cv-" + ProcessHandle.current().pid() + "-" + id);
  }

  /**
   * Removes what dead Caravans of this user left under {@code base}.
   *
   * @return how many folders were removed
   */
  public static int removeLeftBehind(Path base) throws IOException {
    int removed = 0;
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(base, "cv-*-*")) {
      for (Path folder : folders) {
        if (isLeftBehind(folder)) {
          remove(folder);
          removed++;
        }
      }
    }
    return removed;
  }

  private static boolean isLeftBehind(Path folder) throws IOException {
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
   * Creates the folder for its owner alone.
   *
   * @throws IOException when it is there already, or cannot be made; the message says so in words
   */
  static void create(Path folder) throws IOException {
    try {
      Files.createDirectories(folder.toAbsolutePath().getParent(), PRIVATE);
      Files.createDirectory(folder, PRIVATE);
    } catch (FileAlreadyExistsException e) {
      throw new IOException("temporary folder '" + folder + "' is there already", e);
    } catch (IOException e) {
      throw new IOException("cannot make temporary folder '" + folder + "': " + e, e);
    }
  }

  /**
   * Removes the folder with all its content; links are removed, not followed. A folder that is not
   * there is fine.
   *
   * @throws IOException when something in it cannot be removed
   */
  public static void remove(Path folder) throws IOException {
    try {
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        empty(folder);
      }
      Files.deleteIfExists(folder);
    } catch (NoSuchFileException alreadyGone) {
      // What was wanted, done by somebody else.
      return;
    }
  }

  private static void empty(Path folder) throws IOException {
    try {
      removeEntries(folder);
    } catch (AccessDeniedException e) {
      Files.setPosixFilePermissions(folder, OWNER_ONLY); // A process may lock its own folders.
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
