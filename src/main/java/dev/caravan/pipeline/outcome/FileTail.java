package dev.caravan.pipeline.outcome;

import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The end of a text file, of bounded size.
 *
 * @param text the text, with invalid UTF-8 replaced; empty when the file does not exist
 * @param skippedBytes number of bytes omitted before it
 */
public record FileTail(String text, long skippedBytes) {

  /**
   * The last {@code maxBytes} bytes of {@code file}. When it cannot be read, the text is the error.
   */
  public static FileTail of(Path file, int maxBytes) {
    if (!RegularFiles.exists(file)) {
      return new FileTail("", 0);
    }
    try (FileChannel channel = RegularFiles.open(file)) {
      long size = channel.size();
      long from = Math.max(0, size - maxBytes);
      ByteBuffer bytes = ByteBuffer.allocate((int) (size - from));
      while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
        continue;
      }
      int start = from == 0 ? 0 : firstWholeCharacter(bytes.array());
      String text =
          new String(bytes.array(), start, bytes.position() - start, StandardCharsets.UTF_8);
      return new FileTail(text, from + start);
    } catch (IOException e) {
      return new FileTail("[" + file.getFileName() + " cannot be read: " + e + "]\n", 0);
    }
  }

  /** The text; if bytes of {@code file} were skipped, a first line says how many. */
  String withNote(String file) {
    return skippedBytes == 0
        ? text
        : "[the first "
            + OneLine.count(skippedBytes)
            + " bytes are left out here; see "
            + file
            + "]\n"
            + text;
  }

  private static int firstWholeCharacter(byte[] bytes) {
    int start = 0;
    while (start < Math.min(4, bytes.length) && (bytes[start] & 0xC0) == 0x80) {
      start++;
    }
    return start;
  }
}
