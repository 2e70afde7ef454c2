package dev.caravan.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A random secret of a home, readable only by its owner. With it, Caravan notes which API key it
 * used so that nobody can find the key by trying others against the note.
 */
public final class HomeSecret {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int BYTES = 32;

  private final Path file;
  private final DurableFiles files;

  public HomeSecret(Home home, DurableFiles files) {
    this.file = home.state().resolve("secret");
    this.files = files;
  }

  /** The keyed digest of a text, in hex; the first call creates the secret. */
  public String digest(String text) throws IOException {
    if (stored().isEmpty()) {
      byte[] created = new byte[BYTES];
      new SecureRandom().nextBytes(created);
      files.createDirectories(file.getParent());
      files.writePrivate(
          file, (HexFormat.of().formatHex(created) + "\n").getBytes(StandardCharsets.US_ASCII));
    }
    return digest(text, stored().orElseThrow(() -> new IOException("cannot read " + file)));
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
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      return HexFormat.of().formatHex(mac.doFinal(bytes(text)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
