package dev.caravan.pipeline.run;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file that grows and how far it was read. Not threadsafe. */
final class FollowedFile {

  private static final Logger LOG = LoggerFactory.getLogger(FollowedFile.class);
  private static final int MOST = 1 << 20;

  private final Path file;
  private long position;
  private boolean more;

  FollowedFile(Path file) {
    this.file = file;
  }

  /**
   * The whole lines that came since the last look, at most 1 MiB of them; a longer line comes in
   * pieces. None when the file is not there or cannot be read.
   */
  Stream<String> newLines() {
    if (!Files.exists(file)) {
      return Stream.empty();
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(position);
      byte[] bytes = new byte[(int) Math.min(MOST, Math.max(0, in.length() - position))];
      in.readFully(bytes);
      more = bytes.length == MOST;
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      int whole = text.lastIndexOf('\n') + 1;
      if (whole == 0 && more) {
        whole = MOST;
      }
      position += whole;
      return new String(bytes, 0, whole, StandardCharsets.UTF_8).lines();
    } catch (IOException e) {
      LOG.debug("Cannot follow {}: {}", file, e.toString());
      return Stream.empty();
    }
  }

  /** Whether the last look was at less than there was. */
  boolean hasMore() {
    return more;
  }
}
