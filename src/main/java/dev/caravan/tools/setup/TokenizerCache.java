package dev.caravan.tools.setup;

import com.knuddels.jtokkit.api.EncodingRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The cache folder of tiktoken, filled from the jtokkit jar so that {@code tokenizer: builtin}
 * works offline.
 */
final class TokenizerCache {

  /**
   * A tokenizer encoding.
   *
   * @param name the name that tiktoken uses
   * @param file file name in the cache: the SHA-1 of the URL that tiktoken downloads
   * @param sha256 the hash that tiktoken checks
   */
  record Encoding(String name, String file, String sha256) {}

  static final List<Encoding> ENCODINGS =
      List.of(
          new Encoding(
              "o200k_base",
              "fb374d419588a4632f3f557e76b4b70aebbca790",
              "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"),
          new Encoding(
              "cl100k_base",
              "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
              "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"));

  private TokenizerCache() {}

  /** Writes missing or damaged files; returns the number of files written. */
  static int fill(Path folder) throws IOException, SetupFailedException {
    Files.createDirectories(folder);
    int written = 0;
    for (Encoding encoding : ENCODINGS) {
      Path file = folder.resolve(encoding.file());
      if (!Files.exists(file)
          || !DigestUtils.sha256Hex(Files.readAllBytes(file)).equals(encoding.sha256())) {
        replace(file, read(encoding));
        written++;
      }
    }
    return written;
  }

  private static byte[] read(Encoding encoding) throws IOException, SetupFailedException {
    String resource = "/com/knuddels/jtokkit/" + encoding.name() + ".tiktoken";
    try (InputStream in = EncodingRegistry.class.getResourceAsStream(resource)) {
      byte[] bytes = in == null ? new byte[0] : in.readAllBytes();
      if (!DigestUtils.sha256Hex(bytes).equals(encoding.sha256())) {
        throw new SetupFailedException(
            "the tokenizer " + encoding.name() + " in this jar is damaged");
      }
      return bytes;
    }
  }

  private static void replace(Path file, byte[] bytes) throws IOException {
    Path temporary = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".tmp");
    try {
      try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer remaining = ByteBuffer.wrap(bytes);
        while (remaining.hasRemaining()) {
          out.write(remaining);
        }
        out.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
