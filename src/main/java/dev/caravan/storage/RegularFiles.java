package dev.caravan.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Opens files that others can replace. Only regular files are opened, and no link is followed at
 * the end of a path: opening a FIFO can block forever, a device has no end, and a link may lead out
 * of the results roots.
 */
public final class RegularFiles {

  /** The limit for files of settings, records and results, which are far smaller. */
  public static final long MAX_BYTES = 64L << 20;

  private RegularFiles() {}

  /** Whether there is a regular file; false for a link to one. */
  public static boolean exists(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Whether there is certainly no regular file: nothing, or something else. False while nobody can
   * look, as in a folder that is not readable or on a mount that does not answer.
   */
  public static boolean isGone(Path file) {
    try {
      return !attributes(file).isRegularFile();
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      return isBelowAFile(file);
    }
  }

  /**
   * Whether there is certainly nothing, not even a link to nowhere. False while nobody can look, so
   * that what is out of reach is not taken for deleted.
   */
  public static boolean isAbsent(Path path) {
    try {
      attributes(path);
      return false;
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      return isBelowAFile(path);
    }
  }

  private static boolean isBelowAFile(Path path) {
    Path above = path.getParent();
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    return above != null && !Files.isDirectory(above);
  }

  /**
   * Opens a regular file to read it.
   *
   * @throws NoSuchFileException if there is nothing
   * @throws DamagedFileException if it is something else, with what it is in words
   */
  public static FileChannel open(Path file) throws IOException {
    require(file, attributes(file));
    return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  /** Opens a regular file as a stream; see {@link #open}. */
  public static InputStream stream(Path file) throws IOException {
    return Channels.newInputStream(open(file));
  }

  /**
   * Makes sure that a file can be opened or created here; others may do so meanwhile.
   *
   * @throws DamagedFileException if there is something else, with what it is in words
   */
  public static void requireFileOrNothing(Path file) throws IOException {
    try {
      require(file, attributes(file));
    } catch (NoSuchFileException e) {
      return; // It can be created.
    }
  }

  private static void require(Path file, BasicFileAttributes attributes) throws IOException {
    if (!attributes.isRegularFile()) {
      throw new DamagedFileException(file.toString(), "not a file but " + kind(attributes));
    }
  }

  /** The content of a regular file of at most {@link #MAX_BYTES}; see {@link #open}. */
  public static byte[] read(Path file) throws IOException {
    return read(file, MAX_BYTES);
  }

  /** The content of a regular file of at most {@code maxBytes}; see {@link #open}. */
  public static byte[] read(Path file, long maxBytes) throws IOException {
    try (FileChannel channel = open(file);
        InputStream in = Channels.newInputStream(channel)) {
      byte[] content = in.readNBytes((int) Math.min(maxBytes + 1, channel.size() + 1));
      if (content.length > maxBytes) {
        throw new DamagedFileException(
            file.toString(), "larger than " + maxBytes + " bytes: " + channel.size());
      }
      return content;
    }
  }

  /** The content of a regular file as text, with invalid UTF-8 replaced; see {@link #read}. */
  public static String text(Path file) throws IOException {
    return new String(read(file), StandardCharsets.UTF_8);
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** What is at this path, in words; a link is not followed. */
  public static String kind(Path path) throws IOException {
    return kind(attributes(path));
  }

  private static String kind(BasicFileAttributes attributes) {
    if (attributes.isDirectory()) {
      return "a folder";
    }
    if (attributes.isRegularFile()) {
      return "a file";
    }
    return attributes.isSymbolicLink() ? "a link" : "a FIFO, a socket or a device";
  }
}
