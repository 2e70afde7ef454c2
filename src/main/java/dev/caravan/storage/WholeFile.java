package dev.caravan.storage;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.EnumSet;
import java.util.Set;

/** Writes a file so that it appears whole: under a temporary name, which is then renamed. */
final class WholeFile {

  private static final Set<StandardOpenOption> NEW_FILE =
      EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private WholeFile() {}

  /** Writes a file with these attributes, whose content is on disk when it gets its name. */
  static void write(Path file, DurableFiles.Content content, FileAttribute<?>... attributes)
      throws IOException {
    Path temporary = FileNames.temporaryFor(file);
    boolean isMoved = false;
    try {
      fill(temporary, content, attributes);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      isMoved = true;
    } catch (FileSystemException e) {
      throw about(file, e);
    } finally {
      if (!isMoved) {
        Files.deleteIfExists(temporary);
      }
    }
  }

  /**
   * Writes a file unless there is one, also when another process writes it at the same time; false
   * when there is one. Where the file system has no links, a file of that very moment is lost.
   */
  static boolean writeNew(Path file, DurableFiles.Content content) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    Path temporary = FileNames.temporaryFor(file);
    try {
      fill(temporary, content);
      return linkOrMove(temporary, file);
    } catch (FileSystemException e) {
      throw about(file, e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static boolean linkOrMove(Path temporary, Path file) throws IOException {
    try {
      Files.createLink(file, temporary);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException | FileSystemException unsupported) {
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      return true;
    }
  }

  private static void fill(
      Path temporary, DurableFiles.Content content, FileAttribute<?>... attributes)
      throws IOException {
    try (FileChannel channel = FileChannel.open(temporary, NEW_FILE, attributes)) {
      content.writeTo(Channels.newOutputStream(channel));
      channel.force(true);
    }
  }

  /** The failure without the name of the temporary file, which is another one at each try. */
  static FileSystemException about(Path file, FileSystemException e) {
    String kind =
        e instanceof AccessDeniedException ? "permission denied" : e.getClass().getSimpleName();
    String reason = e.getReason() == null ? kind : e.getReason();
    FileSystemException about =
        e instanceof NoSuchFileException
            ? new NoSuchFileException(file.toString(), null, reason)
            : new FileSystemException(file.toString(), null, reason);
    about.initCause(e);
    return about;
  }
}
