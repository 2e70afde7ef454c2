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
 * Finds the input files that configs name.
 *
 * @param searchPath folders to search; the first one that has the file wins
 * @param allowedRoot if present, only files below this folder are found, links resolved
 */
public record InputFiles(List<Path> searchPath, Optional<Path> allowedRoot) {

  /** Only files below the home's {@code datasets/}, named relative to it or to the home. */
  public static InputFiles ofInbox(Home home) {
    return new InputFiles(List.of(home.root(), home.datasets()), Optional.of(home.datasets()));
  }

  /** Searches beside the config, then the working directory, then the home. */
  public static InputFiles ofCommand(Path config, Home home) {
    Path beside = config.toAbsolutePath().normalize().getParent();
    return new InputFiles(
        List.of(beside, Path.of("").toAbsolutePath(), home.root()), Optional.empty());
  }

  /** The input file of this name; empty when there is none that may be used. */
  public Optional<Path> find(String name) {
    return searchPath.stream()
        .map(folder -> resolved(folder, name))
        .flatMap(Optional::stream)
        .filter(file -> Files.isRegularFile(file) && allowed(file))
        .findFirst();
  }

  /** Why there is no usable file of this name; empty when there is one. */
  public Optional<String> refusal(String name) {
    if (find(name).isPresent()) {
      return Optional.empty();
    }
    String searched = String.join(", ", searchPath.stream().map(Path::toString).toList());
    String rule =
        allowedRoot
            .map(r -> "only files below " + r + " can be used; `caravan submit` copies them there")
            .orElse("searched " + searched);
    return Optional.of("no such input file; " + rule);
  }

  /** Describes a file by the SHA-256 of its bytes and its number of lines. */
  public static BatchRecord.InputFile describe(String name, Path file) throws IOException {
    MessageDigest digest = sha256();
    long rows = 0;
    int lastByte = '\n';
    try (InputStream in =
        new BufferedInputStream(new DigestInputStream(Files.newInputStream(file), digest))) {
      for (int c = in.read(); c >= 0; c = in.read()) {
        rows += c == '\n' ? 1 : 0;
        lastByte = c;
      }
    }
    rows += lastByte == '\n' ? 0 : 1;
    String sha256 = HexFormat.of().formatHex(digest.digest());
    return new BatchRecord.InputFile(name, file.toString(), sha256, rows);
  }

  /** SHA-256 of these bytes, in hex. */
  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private boolean allowed(Path file) {
    try {
      return allowedRoot.isEmpty() || file.toRealPath().startsWith(allowedRoot.get().toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  private static Optional<Path> resolved(Path folder, String name) {
    try {
      return Optional.of(folder.resolve(name).normalize());
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
