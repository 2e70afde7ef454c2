package dev.caravan.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;

/**
 * A random secret of a home, readable only by its owner. With it, Caravan notes which API key it
 * used so that nobody can find the key by trying others against the note.
 */
public final class HomeSecret {

  private static final int BYTES = 32;

  private final Path file;
  private final DurableFiles files;

  public HomeSecret(Home home, DurableFiles files) {
    this.file = StateFile.SECRET.in(home);
    this.files = files;
  }

  /** The keyed digest of a text, in hex; the first call creates the secret. */
  public String digest(String text) throws IOException {
    synchronized (HomeSecret.class) { // attempts that start together share one secret
      if (stored().isEmpty()) {
        create();
      }
    }
    return digest(text, stored().orElseThrow(() -> new IOException("cannot read " + file)));
  }

  private void create() throws IOException {
    byte[] created = new byte[BYTES];
    new SecureRandom().nextBytes(created);
    files.createDirectories(file.getParent());
    files.writePrivate(
        file, (HexFormat.of().formatHex(created) + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** Whether this is the digest of the text; false if the secret is gone or another one. */
  public boolean isDigestOf(String text, String digest) {
    return stored()
        .map(secret -> digest(text, secret))
        .filter(own -> MessageDigest.isEqual(bytes(own), bytes(digest)))
        .isPresent();
  }

  private Optional<byte[]> stored() {
    try {
      byte[] secret = HexFormat.of().parseHex(RegularFiles.text(file).strip());
      return Optional.of(secret).filter(found -> found.length == BYTES);
    } catch (IOException | IllegalArgumentException absentOrDamaged) {
      return Optional.empty();
    }
  }

  private static String digest(String text, byte[] secret) {
    return new HmacUtils(HmacAlgorithms.HMAC_SHA_256, secret).hmacHex(text);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
