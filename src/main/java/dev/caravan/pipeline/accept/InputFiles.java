package dev.caravan.pipeline.accept;

import dev.caravan.model.BatchRecord;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Finds the input files and folders that configs name.
 *
 * @param searchPath folders to search; the first one that has the file wins
 * @param allowedRoot if present, only files below this folder are found, links resolved
 */
public record InputFiles(List<Path> searchPath, Optional<Path> allowedRoot) {

  private static final int MOST_FILES = 10_000;
  private static final int BUFFER = 1 << 16;

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
        .filter(this::usable)
        .findFirst();
  }

  /** The file that a dataset names; relative ones are beside it, or in it if it is a folder. */
  Optional<Path> findBeside(Path dataset, Path named) {
    Path file = besideOf(dataset).resolve(named).normalize();
    return Optional.of(file).filter(f -> Files.isRegularFile(f) && allowed(f));
  }

  /** Why a file that a dataset names is not found, in words. */
  String lacking(Path dataset) {
    return allowedRoot
        .map(
            root ->
                "is not below "
                    + root
                    + "; `caravan submit` copies files with relative paths there")
        .orElseGet(() -> "is not in " + besideOf(dataset));
  }

  /** The files of images, sound and video that the lines of a dataset name, as they name them. */
  public static Set<Path> namedIn(Path dataset) throws IOException {
    Set<Path> named = new LinkedHashSet<>();
    for (Path file : filesOf(dataset)) {
      named.addAll(DatasetMedia.of(file));
    }
    return named;
  }

  /** SHA-256 of the names and sums of files that a dataset names. */
  public static String sumOf(Path dataset, Collection<Path> named) throws IOException {
    MessageDigest digest = DigestUtils.getSha256Digest();
    for (Path name : named) {
      String sum = describeFile("", besideOf(dataset).resolve(name)).sha256();
      add(digest, sum, name.toString());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The folder from which the names in a dataset lead. */
  public static Path besideOf(Path dataset) {
    return Files.isDirectory(dataset) ? dataset : dataset.toAbsolutePath().getParent();
  }

  /**
   * The files of a folder and of those below it, or the file itself, sorted.
   *
   * @throws IOException also when they are very many
   */
  public static List<Path> filesOf(Path dataset) throws IOException {
    try (Stream<Path> walk = Files.walk(dataset)) {
      List<Path> files = walk.filter(Files::isRegularFile).limit(MOST_FILES + 1).sorted().toList();
      if (files.size() > MOST_FILES) {
        throw new IOException("the folder has more than " + MOST_FILES + " files");
      }
      return files;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private boolean usable(Path file) {
    if (!Files.isDirectory(file)) {
      return Files.isRegularFile(file) && allowed(file);
    }
    try {
      boolean wholeRoot = allowedRoot.isPresent() && Files.isSameFile(file, allowedRoot.get());
      return !wholeRoot && allowed(file) && filesOf(file).stream().allMatch(this::allowed);
    } catch (IOException e) {
      return false;
    }
  }

  /** Why there is no usable file of this name; empty when there is one. */
  public Optional<String> refusal(String name) {
    if (find(name).isPresent()) {
      return Optional.empty();
    }
    String searched =
        String.join(", ", searchPath.stream().map(Path::toString).distinct().toList());
    String rule =
        allowedRoot
            .map(r -> "only files below " + r + " can be used; `caravan submit` copies them there")
            .orElse("searched " + searched);
    return Optional.of("no such input file; " + rule);
  }

  /**
   * Describes a file by the SHA-256 of its bytes and its number of lines; a folder by that of the
   * names and sums of its files, and by the lines of all.
   */
  public static BatchRecord.InputFile describe(String name, Path file) throws IOException {
    return Files.isDirectory(file) ? describeFolder(name, file) : describeFile(name, file);
  }

  /**
   * Describes a file together with the files that it names, provided that these rules allow all of
   * them.
   */
  BatchRecord.InputFile describeAll(String name, Path file) throws IOException {
    BatchRecord.InputFile described = describe(name, file);
    Set<Path> named = namedIn(file);
    boolean known =
        !named.isEmpty() && named.stream().allMatch(each -> findBeside(file, each).isPresent());
    return known ? described.withFiles(sumOf(file, named)) : described;
  }

  private static BatchRecord.InputFile describeFolder(String name, Path folder) throws IOException {
    MessageDigest digest = DigestUtils.getSha256Digest();
    long rows = 0;
    for (Path file : filesOf(folder)) {
      BatchRecord.InputFile each = describeFile(folder.relativize(file).toString(), file);
      add(digest, each.sha256(), each.name());
      rows += each.rows();
    }
    return new BatchRecord.InputFile(
        name, folder.toString(), HexFormat.of().formatHex(digest.digest()), rows, null);
  }

  private static void add(MessageDigest digest, String sum, String name) {
    digest.update((sum + "  " + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static BatchRecord.InputFile describeFile(String name, Path file) throws IOException {
    MessageDigest digest = DigestUtils.getSha256Digest();
    long rows = 0;
    int lastByte = '\n';
    byte[] buffer = new byte[BUFFER];
    if (Files.readAttributes(file, BasicFileAttributes.class).isOther()) {
      throw new FileSystemException(file.toString(), null, "a FIFO, a socket or a device");
    }
    try (InputStream in = Files.newInputStream(file)) {
      for (int size = in.read(buffer); size >= 0; size = in.read(buffer)) {
        digest.update(buffer, 0, size);
        for (int i = 0; i < size; i++) {
          rows += buffer[i] == '\n' ? 1 : 0;
        }
        lastByte = size > 0 ? buffer[size - 1] : lastByte;
      }
    }
    rows += lastByte == '\n' ? 0 : 1;
    String sha256 = HexFormat.of().formatHex(digest.digest());
    return new BatchRecord.InputFile(name, file.toString(), sha256, rows, null);
  }

  /** SHA-256 of these bytes, in hex. */
  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(DigestUtils.getSha256Digest().digest(bytes));
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
}
