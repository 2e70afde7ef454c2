package dev.caravan.pipeline.outcome;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The end of a text file, never more than asked for.
 *
 * @param text the text, what is no UTF-8 replaced; empty when there is no such file
 * @param cut how many bytes before it were left out
 */
public record FileTail(String text, long cut) {

  /** The last {@code max} bytes of {@code file}; says so in the text when it cannot be read. */
  public static FileTail of(Path file, int max) {
    if (!Files.isRegularFile(file)) {
      return new FileTail("", 0);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long from = Math.max(0, size - max);
      ByteBuffer bytes = ByteBuffer.allocate((int) (size - from));
      while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
        continue;
      }
      int start = from == 0 ? 0 : firstWholeCharacter(bytes.array());
      String text =
          new String(bytes.array(), start, bytes.position() - start, StandardCharsets.UTF_8);
      return new FileTail(text, from + start);
    } catch (IOException e) {
      return new FileTail("[" + file.getFileName() + " could not be read: " + e + "]\n", 0);
    }
  }

  /** The text, with a first line that says how much of {@code file} was left out, if any was. */
  String noted(String file) {
    return cut == 0
        ? text
        : "[the first "
            + OneLine.count(cut)
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
