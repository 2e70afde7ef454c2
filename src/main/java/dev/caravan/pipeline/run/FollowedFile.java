package dev.caravan.pipeline.run;

import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
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
    if (!RegularFiles.exists(file)) {
      return Stream.empty();
    }
    try (FileChannel in = RegularFiles.open(file)) {
      ByteBuffer buffer =
          ByteBuffer.allocate((int) Math.min(MAX_BYTES, Math.max(0, in.size() - position)));
      while (buffer.hasRemaining() && in.read(buffer, position + buffer.position()) >= 0) {
        continue;
      }
      byte[] bytes = Arrays.copyOf(buffer.array(), buffer.position());
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
