package dev.caravan.observe.http;

import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The dead letters of a home, in {@code inbox/.dead/}: configs of runs that are out of retries, and
 * messages that could not be read.
 */
final class DeadLetterFiles {

  private static final int MAX = 500;
  private static final long MAX_FILE_BYTES = 4L << 20;

  private final Home home;
  private final DurableFiles durableFiles = new DurableFiles();

  DeadLetterFiles(Home home) {
    this.home = home;
  }

  /**
   * One dead letter.
   *
   * @param file file name in {@code inbox/.dead/}
   * @param title the run it belongs to, or what else it is
   * @param cause why it is a dead letter
   * @param detail the leading comments of the file
   * @param retryable whether it is a config, which can be put back into the inbox
   */
  record DeadLetter(String file, String title, String cause, String detail, boolean retryable) {}

  /** The newest dead letters, at most 500. */
  List<DeadLetter> newest() throws IOException {
    return files()
        .sorted(Comparator.comparing(DeadLetterFiles::modified).reversed())
        .limit(MAX)
        .map(this::deadLetter)
        .toList();
  }

  /** The number of dead letters. */
  int count() throws IOException {
    return (int) files().count();
  }

  private Stream<Path> files() throws IOException {
    return durableFiles.list(home.dead()).stream()
        .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
        .filter(file -> !file.getFileName().toString().endsWith(".cause.txt"))
        .filter(file -> !file.getFileName().toString().startsWith("."));
  }

  private static long modified(Path file) {
    return file.toFile().lastModified();
  }

  private DeadLetter deadLetter(Path file) {
    String name = file.getFileName().toString();
    try {
      if (!name.endsWith(".yaml")) {
        Path cause = file.resolveSibling(name + ".cause.txt");
        String message = Files.isRegularFile(cause) ? text(cause).strip() : "";
        return new DeadLetter(name, "Message that is not a run", message, message, false);
      }
      List<String> comments =
          text(file)
              .lines()
              .takeWhile(l -> l.startsWith("#"))
              .map(DeadLetterFiles::withoutHash)
              .toList();
      String title = comments.stream().findFirst().orElse(name);
      String cause = comments.stream().skip(1).findFirst().orElse("");
      return new DeadLetter(
          name, title, cause, comments.stream().skip(1).collect(Collectors.joining("\n")), true);
    } catch (IOException | UncheckedIOException e) {
      return new DeadLetter(name, name, "cannot be read: " + e.getMessage(), "", false);
    }
  }

  private static String withoutHash(String comment) {
    return comment.replaceFirst("^# ?", "");
  }

  private static String text(Path file) throws IOException {
    return Files.size(file) > MAX_FILE_BYTES ? "" : RegularFiles.text(file);
  }

  /** Moves the dead letter in the path back into the inbox; returns its file name. */
  String retry(Map<String, String> path) throws HttpProblemException, IOException {
    String name = path.get("file");
    Optional<DeadLetter> deadLetter =
        files()
            .filter(file -> file.getFileName().toString().equals(name))
            .findFirst()
            .map(this::deadLetter);
    if (deadLetter.isEmpty()) {
      throw new HttpProblemException(404, "there is no dead letter " + name);
    }
    if (!deadLetter.get().retryable()) {
      throw new HttpProblemException(409, name + " is not a config");
    }
    if (!durableFiles.moveIfFree(home.dead().resolve(name), home.inbox().resolve(name))) {
      throw new HttpProblemException(409, name + " is already in the inbox");
    }
    return name;
  }
}
