package dev.caravan.config.yaml;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Says what bytes are that cannot be decoded: text in another encoding, or no text at all. */
final class UndecodableText {

  /** From this share of control characters on, the bytes are no text: one in so many. */
  private static final int ONE_IN = 30;

  private UndecodableText() {}

  /** The problem with these bytes, which are not valid in {@code charset}. */
  static Problem problem(byte[] bytes, Charset charset) {
    if (isBinary(bytes)) {
      return new Problem(0, 0, "", "the file is binary, not " + charset + " text");
    }
    int at = firstBad(bytes, charset);
    String before = new String(bytes, 0, at, charset);
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    int column = before.length() - before.lastIndexOf('\n');
    return new Problem(line, column, "", message(bytes, at, charset));
  }

  private static String message(byte[] bytes, int at, Charset charset) {
    String found =
        at < bytes.length ? String.format("the byte 0x%02X", bytes[at] & 0xFF) : "the end of it";
    return found
        + " is not "
        + charset
        + (charset.equals(StandardCharsets.UTF_8) && at < bytes.length
            ? "; the file looks like Latin-1 (Windows-1252) text: save it as UTF-8"
            : "; save it as UTF-8");
  }

  private static boolean isBinary(byte[] bytes) {
    int controls = 0;
    for (byte b : bytes) {
      controls += b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t' ? 1 : 0;
    }
    return controls > bytes.length / ONE_IN;
  }

  /** Where decoding stops. */
  private static int firstBad(byte[] bytes, Charset charset) {
    CharsetDecoder decoder = charset.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CoderResult result = decoder.decode(in, CharBuffer.allocate(bytes.length + 1), true);
    return result.isError() ? in.position() : bytes.length;
  }
}
