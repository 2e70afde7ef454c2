package dev.caravan.pipeline.process;

import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Replaces secret values, in all of their {@link SecretForms}, with {@value #MASK} in text and in
 * files of any size. Values shorter than 12 characters are left alone because they would match
 * unrelated text. Numbers in JSON and CSV files are never changed, whatever their digits.
 */
public final class Masking {

  /** Replaces each secret. */
  public static final String MASK = "********";

  private static final int CHUNK_BYTES = 1 << 16;
  private static final byte[] MASK_BYTES = MASK.getBytes(StandardCharsets.US_ASCII);

  private record Needle(byte[] bytes, boolean numeric) {

    static Needle of(String value) {
      return new Needle(value.getBytes(StandardCharsets.UTF_8), NumberScanner.mayBeNumber(value));
    }

    int length() {
      return bytes.length;
    }
  }

  private final List<Needle> secrets;
  private final boolean[] firstBytes = new boolean[256];
  private final int longest;

  /** Masks these values. */
  public Masking(Collection<String> values) {
    // Longest first, so that a value that starts with another one is masked completely.
    this.secrets =
        values.stream()
            .filter(value -> value.length() >= SecretStore.MIN_MASKED_LENGTH)
            .flatMap(value -> SecretForms.of(value).stream())
            .filter(form -> form.length() >= SecretStore.MIN_MASKED_LENGTH)
            .distinct()
            .map(Needle::of)
            .sorted(Comparator.comparingInt(Needle::length).reversed())
            .toList();
    this.secrets.forEach(secret -> firstBytes[secret.bytes()[0] & 0xff] = true);
    this.longest = secrets.stream().mapToInt(Needle::length).max().orElse(0);
  }

  /** Whether there is anything to mask. */
  public boolean hasSecrets() {
    return !secrets.isEmpty();
  }

  /** The length of the longest secret, or form of one, in bytes; 0 if there is none. */
  public int longest() {
    return longest;
  }

  /** Returns the text with all secrets masked. */
  public String mask(String text) {
    String masked = text;
    for (Needle secret : secrets) {
      masked = masked.replace(new String(secret.bytes(), StandardCharsets.UTF_8), MASK);
    }
    return masked;
  }

  /**
   * Masks a file in place if it contains a secret: writes a masked copy beside it and renames that
   * over the file. A missing file is ignored.
   *
   * @return whether the file contained a secret
   */
  public boolean maskFile(Path file) throws IOException {
    if (secrets.isEmpty() || !RegularFiles.exists(file) || !containsSecret(file)) {
      return false;
    }
    Path masked = Files.createTempFile(file.toAbsolutePath().getParent(), ".masked", "");
    try (InputStream in = RegularFiles.stream(file);
        OutputStream out = Files.newOutputStream(masked)) {
      copy(in, out, NumberScanner.of(file));
    } catch (IOException e) {
      Files.deleteIfExists(masked);
      throw e;
    }
    Files.setPosixFilePermissions(masked, Files.getPosixFilePermissions(file));
    Files.move(masked, file, StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  /**
   * Copies all of {@code in} with secrets masked.
   *
   * @return the number of secrets masked
   */
  public long copy(InputStream in, OutputStream out) throws IOException {
    return copy(in, out, NumberScanner.none());
  }

  private long copy(InputStream in, OutputStream out, NumberScanner numbers) throws IOException {
    if (secrets.isEmpty()) {
      in.transferTo(out);
      return 0;
    }
    int lookahead = longest + NumberScanner.LOOKAHEAD;
    byte[] buffer = new byte[CHUNK_BYTES + lookahead];
    int filled = 0;
    long hits = 0;
    boolean more = true;
    while (more) {
      int read = in.readNBytes(buffer, filled, buffer.length - filled);
      filled += read;
      more = filled == buffer.length;
      // A secret may start in the last bytes and continue in the next chunk, so keep those bytes.
      int limit = more ? filled - lookahead + 1 : filled;
      Step step = copyUpTo(buffer, filled, limit, out, numbers);
      System.arraycopy(buffer, step.consumed(), buffer, 0, filled - step.consumed());
      filled -= step.consumed();
      hits += step.hits();
    }
    return hits;
  }

  private record Step(int consumed, long hits) {}

  private Step copyUpTo(
      byte[] buffer, int filled, int limit, OutputStream out, NumberScanner numbers)
      throws IOException {
    int written = 0;
    int at = 0;
    long hits = 0;
    while (at < limit) {
      int length = firstBytes[buffer[at] & 0xff] ? secretAt(buffer, at, filled, numbers) : 0;
      int next = at + Math.max(length, 1);
      for (int passed = at; passed < next; passed++) {
        numbers.advance(buffer[passed]);
      }
      if (length > 0) {
        out.write(buffer, written, at - written);
        out.write(MASK_BYTES);
        hits++;
        written = next;
      }
      at = next;
    }
    out.write(buffer, written, at - written);
    return new Step(at, hits);
  }

  private int secretAt(byte[] buffer, int at, int filled, NumberScanner numbers) {
    for (Needle secret : secrets) {
      int to = at + secret.length();
      boolean found =
          to <= filled && Arrays.equals(buffer, at, to, secret.bytes(), 0, secret.length());
      if (found && !(secret.numeric() && numbers.isNumber(buffer, to, filled))) {
        return secret.length();
      }
    }
    return 0;
  }

  private boolean containsSecret(Path file) throws IOException {
    try (InputStream in = RegularFiles.stream(file)) {
      return copy(in, OutputStream.nullOutputStream(), NumberScanner.of(file)) > 0;
    }
  }
}
