package dev.caravan.pipeline.process;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A digest of what decides whether a tokenizer loads: its name and revision, aiperf's Python
 * packages, the variables that its libraries read, and the names, sizes and times of its files.
 */
final class TokenizerFingerprint {

  private static final int MAX_FILES = 2_000;
  private static final int MAX_DEPTH = 6;
  private static final Set<String> VARIABLES = Set.of("HOME", "TIKTOKEN_CACHE_DIR");

  private final Map<String, String> environment;
  private final Path directory;

  /**
   * Fingerprints of tokenizers that aiperf loads in this environment.
   *
   * @param directory aiperf's working directory
   */
  TokenizerFingerprint(Map<String, String> environment, Path directory) {
    this.environment = environment;
    this.directory = directory;
  }

  /** The digest in hex; empty if its files are too many or cannot be read. */
  Optional<String> of(Path interpreter, TokenizerCheck.Request request) {
    List<String> all = new ArrayList<>(List.of(request.toString(), interpreter.toString()));
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (decides(name)) {
                all.add(name + "=" + value);
              }
            });
    try {
      all.addAll(packages(interpreter));
      for (Path folder : folders(request.name())) {
        all.addAll(files(folder));
      }
      return Optional.of(DigestUtils.sha256Hex(String.join("\n", all)));
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Values that may be secrets are left out. */
  private static boolean decides(String name) {
    boolean hub = name.startsWith("HF_") || name.startsWith("TRANSFORMERS_");
    return VARIABLES.contains(name) || hub && !name.contains("TOKEN") && !name.contains("KEY");
  }

  /** The folders of packages, whose times change when pip installs or removes anything. */
  private static List<String> packages(Path interpreter) throws IOException {
    Path libraries = interpreter.resolveSibling("../lib").normalize();
    List<String> found = new ArrayList<>();
    if (!Files.isDirectory(libraries)) {
      return found;
    }
    try (Stream<Path> versions = Files.list(libraries)) {
      for (Path version : versions.sorted().toList()) {
        Path packages = version.resolve("site-packages");
        if (Files.isDirectory(packages)) {
          found.add(packages + " " + Files.getLastModifiedTime(packages));
        }
      }
    }
    return found;
  }

  /** Where aiperf and its libraries look for a tokenizer. */
  private List<Path> folders(String name) {
    List<Path> folders = new ArrayList<>(List.of(directory.resolve(name)));
    folders.add(hub().resolve("models--" + name.replace("/", "--")));
    Optional.ofNullable(environment.get("TIKTOKEN_CACHE_DIR"))
        .map(Path::of)
        .ifPresent(folders::add);
    return folders;
  }

  /** The model hub's cache, as its library finds it. */
  private Path hub() {
    String home = environment.getOrDefault("HOME", "/");
    Path hub = Path.of(environment.getOrDefault("HF_HOME", home + "/.cache/huggingface"), "hub");
    return Path.of(environment.getOrDefault("HF_HUB_CACHE", hub.toString()));
  }

  /** Through links: what is loaded is what they lead to. */
  private static Set<String> files(Path folder) throws IOException {
    Set<String> found = new TreeSet<>();
    if (Files.exists(folder)) {
      Files.walkFileTree(
          folder, Set.of(FileVisitOption.FOLLOW_LINKS), MAX_DEPTH, new Collector(found));
    }
    return found;
  }

  /** Fails when there are too many files: not the folder of a tokenizer. */
  private static final class Collector extends SimpleFileVisitor<Path> {
    private final Set<String> found;

    Collector(Set<String> found) {
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      return add(folder.toString());
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      return add(file + " " + attributes.size() + " " + attributes.lastModifiedTime());
    }

    /** A link to a folder around it leads to nothing new. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      return failure instanceof FileSystemLoopException
          ? FileVisitResult.CONTINUE
          : super.visitFileFailed(file, failure);
    }

    private FileVisitResult add(String entry) throws IOException {
      if (found.size() == MAX_FILES) {
        throw new IOException("more than " + MAX_FILES + " files");
      }
      found.add(entry);
      return FileVisitResult.CONTINUE;
    }
  }
}
