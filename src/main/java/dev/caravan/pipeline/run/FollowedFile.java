package dev.caravan.pipeline.run;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A growing file and the position up to which it was read. Not thread-safe. */
final class FollowedFile {

  private static final Logger LOG = LoggerFactory.getLogger(FollowedFile.class);
  private static final int MAX_BYTES = 1 << 20;

  private final Path file;
  private long position;
  private boolean more;

  FollowedFile(Path file) {
    this.file = file;
  }

  /**
   * The complete lines written since the last call, at most 1 MiB; a longer line is returned in
   * pieces. Empty when the file does not exist or cannot be read.
   */
  Stream<String> newLines() {
    if (!Files.exists(file)) {
      return Stream.empty();
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(position);
      byte[] bytes = new byte[(int) Math.min(MAX_BYTES, Math.max(0, in.length() - position))];
      in.readFully(bytes);
      more = bytes.length == MAX_BYTES;
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      int end = text.lastIndexOf('\n') + 1;
      if (end == 0 && more) {
        end = MAX_BYTES;
      }
      position += end;
      return new String(bytes, 0, end, StandardCharsets.UTF_8).lines();
    } catch (IOException e) {
      LOG.debug("Cannot follow {}: {}", file, e.toString());
      return Stream.empty();
    }
  }

  /** Whether the last call stopped at the limit, so that there is more to read. */
  boolean hasMore() {
    return more;
  }
}
