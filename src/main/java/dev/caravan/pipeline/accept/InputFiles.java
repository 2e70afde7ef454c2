package dev.caravan.pipeline.accept;

import dev.caravan.model.BatchRecord;
import dev.caravan.storage.Home;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Where the input files that configs name are looked for.
 *
 * @param places folders, the first that has the file wins
 * @param fence when there, a file counts only if it really lies below it, links resolved
 */
public record InputFiles(List<Path> places, Optional<Path> fence) {

  /** Only files below the home's {@code datasets/}, named from the home or from there. */
  public static InputFiles ofInbox(Home home) {
    return new InputFiles(List.of(home.root(), home.datasets()), Optional.of(home.datasets()));
  }

  /** Beside the config, in the working directory, in the home. */
  public static InputFiles ofCommand(Path config, Home home) {
    Path beside = config.toAbsolutePath().normalize().getParent();
    return new InputFiles(
        List.of(beside, Path.of("").toAbsolutePath(), home.root()), Optional.empty());
  }

  /** The file of this name; empty when it is nowhere it may be. */
  public Optional<Path> find(String name) {
    return places.stream()
        .map(place -> resolved(place, name))
        .flatMap(Optional::stream)
        .filter(file -> Files.isRegularFile(file) && allowed(file))
        .findFirst();
  }

  /** Why the file cannot be used; empty when it can. */
  public Optional<String> refused(String name) {
    if (find(name).isPresent()) {
      return Optional.empty();
    }
    String where = String.join(", ", places.stream().map(Path::toString).toList());
    String rule =
        fence
            .map(f -> "only files below " + f + " can be used; `caravan submit` puts them there")
            .orElse("looked in " + where);
    return Optional.of("no such input file; " + rule);
  }

  /** Measures a file: SHA-256 of its bytes and number of lines. */
  public static BatchRecord.InputFile measure(String name, Path file) throws IOException {
    MessageDigest digest = sha256();
    long rows = 0;
    int last = '\n';
    try (InputStream in =
        new BufferedInputStream(new DigestInputStream(Files.newInputStream(file), digest))) {
      for (int c = in.read(); c >= 0; c = in.read()) {
        rows += c == '\n' ? 1 : 0;
        last = c;
      }
    }
    rows += last == '\n' ? 0 : 1;
    String sum = HexFormat.of().formatHex(digest.digest());
    return new BatchRecord.InputFile(name, file.toString(), sum, rows);
  }

  /** SHA-256 of these bytes, in hex. */
  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private boolean allowed(Path file) {
    try {
      return fence.isEmpty() || file.toRealPath().startsWith(fence.get().toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  private static Optional<Path> resolved(Path place, String name) {
    try {
      return Optional.of(place.resolve(name).normalize());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
