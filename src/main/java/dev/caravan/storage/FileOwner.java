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
 * Who submitted a file. For a file dropped into a folder it is the file's owner; for a file that
 * Caravan wrote on behalf of someone else, it is recorded in an extended attribute of the file.
 */
public final class FileOwner {

  private static final Logger LOG = LoggerFactory.getLogger(FileOwner.class);
  private static final String ATTRIBUTE = "caravan.by";

  private FileOwner() {}

  /** Who submitted the file (links are not followed); empty if unknown. */
  public static Optional<String> of(Path file) {
    try {
      String owner = Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName();
      return owner.equals(ProcessUser.name())
          ? recorded(file).or(() -> Optional.of(owner))
          : Optional.of(owner);
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /** Records on whose behalf Caravan wrote a file, if the file system supports attributes. */
  public static void record(Path file, String by) {
    UserDefinedFileAttributeView attributes = attributes(file);
    try {
      if (attributes != null) {
        attributes.write(ATTRIBUTE, ByteBuffer.wrap(by.getBytes(StandardCharsets.UTF_8)));
      }
    } catch (IOException e) {
      LOG.debug("Cannot record who submitted {}: {}", file, e.toString());
    }
  }

  private static Optional<String> recorded(Path file) throws IOException {
    UserDefinedFileAttributeView attributes = attributes(file);
    if (attributes == null || !attributes.list().contains(ATTRIBUTE)) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.allocate(attributes.size(ATTRIBUTE));
    attributes.read(ATTRIBUTE, bytes);
    return Optional.of(new String(bytes.array(), StandardCharsets.UTF_8));
  }

  private static UserDefinedFileAttributeView attributes(Path file) {
    return Files.getFileAttributeView(
        file, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }
}
