package dev.caravan.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who put a file where it is. Of a file that was dropped into a folder that is its owner; with one
 * that Caravan wrote for somebody else his name is kept, in an attribute that stays with it.
 */
public final class FileOwner {

  private static final Logger LOG = LoggerFactory.getLogger(FileOwner.class);
  private static final String ATTRIBUTE = "caravan.by";

  private FileOwner() {}

  /** The user whose file it is, links not followed; empty when that cannot be told. */
  public static Optional<String> of(Path file) {
    try {
      String owner = Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName();
      boolean ours = owner.equals(System.getProperty("user.name"));
      return ours ? noted(file).or(() -> Optional.of(owner)) : Optional.of(owner);
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /** Notes for whom a file of ours was written; a file system that keeps no such notes has none. */
  public static void note(Path file, String by) {
    UserDefinedFileAttributeView notes = notes(file);
    try {
      if (notes != null) {
        notes.write(ATTRIBUTE, ByteBuffer.wrap(by.getBytes(StandardCharsets.UTF_8)));
      }
    } catch (IOException e) {
      LOG.debug("Cannot note who {} is from: {}", file, e.toString());
    }
  }

  private static Optional<String> noted(Path file) throws IOException {
    UserDefinedFileAttributeView notes = notes(file);
    if (notes == null || !notes.list().contains(ATTRIBUTE)) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.allocate(notes.size(ATTRIBUTE));
    notes.read(ATTRIBUTE, bytes);
    return Optional.of(new String(bytes.array(), StandardCharsets.UTF_8));
  }

  private static UserDefinedFileAttributeView notes(Path file) {
    return Files.getFileAttributeView(
        file, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }
}
