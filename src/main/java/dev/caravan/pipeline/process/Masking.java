package dev.caravan.pipeline.process;

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
 * Replaces secret values by {@value #MASK}, in texts and in files of any size. Values shorter than
 * 12 characters are left alone, as they would be found where they are none; so are the numbers of
 * JSON and CSV files, whatever their digits.
 */
public final class Masking {

  /** What stands where a secret was. */
  public static final String MASK = "********";

  private static final int CHUNK_BYTES = 1 << 16;
  private static final byte[] MASK_BYTES = MASK.getBytes(StandardCharsets.US_ASCII);

  private record Secret(byte[] bytes, boolean numeric) {

    static Secret of(String value) {
      return new Secret(value.getBytes(StandardCharsets.UTF_8), NumberScanner.couldBe(value));
    }

    int length() {
      return bytes.length;
    }
  }

  private final List<Secret> secrets;
  private final boolean[] firstBytes = new boolean[256];
  private final int longest;

  /** A masking of these values. */
  public Masking(Collection<String> values) {
    // Longest first, so that a value that begins like another is masked whole.
    this.secrets =
        values.stream()
            .filter(value -> value.length() >= SecretStore.MIN_MASKED_LENGTH)
            .map(Secret::of)
            .sorted(Comparator.comparingInt(Secret::length).reversed())
            .toList();
    this.secrets.forEach(secret -> firstBytes[secret.bytes()[0] & 0xff] = true);
    this.longest = secrets.stream().mapToInt(Secret::length).max().orElse(0);
  }

  /** Whether there is anything to hide. */
  public boolean hides() {
    return !secrets.isEmpty();
  }

  /** The text with all secrets masked. */
  public String mask(String text) {
    String masked = text;
    for (Secret secret : secrets) {
      masked = masked.replace(new String(secret.bytes(), StandardCharsets.UTF_8), MASK);
    }
    return masked;
  }

  /**
   * Masks a file in place: written beside and renamed, and only when it holds a secret. A file that
   * is not there is fine.
   *
   * @return whether it held one
   */
  public boolean maskFile(Path file) throws IOException {
    if (secrets.isEmpty() || !Files.exists(file) || !holdsSecret(file)) {
      return false;
    }
    Path beside = file.resolveSibling("." + file.getFileName() + ".masked");
    try (InputStream in = Files.newInputStream(file);
        OutputStream out = Files.newOutputStream(beside)) {
      copy(in, out, NumberScanner.of(file));
    } catch (IOException e) {
      Files.deleteIfExists(beside);
      throw e;
    }
    Files.setPosixFilePermissions(beside, Files.getPosixFilePermissions(file));
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  /**
   * Copies all of {@code in}, with secrets masked wherever they stand.
   *
   * @return how many there were
   */
  public long copy(InputStream in, OutputStream out) throws IOException {
    return copy(in, out, NumberScanner.none());
  }

  private long copy(InputStream in, OutputStream out, NumberScanner figures) throws IOException {
    if (secrets.isEmpty()) {
      in.transferTo(out);
      return 0;
    }
    int ahead = longest + NumberScanner.LOOKAHEAD;
    byte[] buffer = new byte[CHUNK_BYTES + ahead];
    int filled = 0;
    long hits = 0;
    boolean more = true;
    while (more) {
      int read = in.readNBytes(buffer, filled, buffer.length - filled);
      filled += read;
      more = filled == buffer.length;
      // A secret may begin in the last bytes and go on in the next chunk: those wait for it.
      int settled = more ? filled - ahead + 1 : filled;
      Step step = copySettled(buffer, filled, settled, out, figures);
      System.arraycopy(buffer, step.consumed(), buffer, 0, filled - step.consumed());
      filled -= step.consumed();
      hits += step.hits();
    }
    return hits;
  }

  private record Step(int consumed, long hits) {}

  private Step copySettled(
      byte[] buffer, int filled, int settled, OutputStream out, NumberScanner figures)
      throws IOException {
    int written = 0;
    int at = 0;
    long hits = 0;
    while (at < settled) {
      int length = firstBytes[buffer[at] & 0xff] ? secretAt(buffer, at, filled, figures) : 0;
      int next = at + Math.max(length, 1);
      for (int passed = at; passed < next; passed++) {
        figures.pass(buffer[passed]);
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

  private int secretAt(byte[] buffer, int at, int filled, NumberScanner figures) {
    for (Secret secret : secrets) {
      int to = at + secret.length();
      boolean found =
          to <= filled && Arrays.equals(buffer, at, to, secret.bytes(), 0, secret.length());
      if (found && !(secret.numeric() && figures.hold(buffer, to, filled))) {
        return secret.length();
      }
    }
    return 0;
  }

  private boolean holdsSecret(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return copy(in, OutputStream.nullOutputStream(), NumberScanner.of(file)) > 0;
    }
  }
}
