package dev.caravan.observe.http;

import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
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

/** The dead letters of a home. */
final class DeadLetterFiles {

  private static final int MOST = 500;
  private static final long MOST_BYTES = 4L << 20;

  private final Home home;
  private final DurableFiles durableFiles = new DurableFiles();

  DeadLetterFiles(Home home) {
    this.home = home;
  }

  /**
   * One dead letter.
   *
   * @param file its name in {@code inbox/.dead/}
   * @param title what it is of
   * @param cause why it is one
   * @param detail all that its comments say
   * @param retryable whether it is a config that can be dropped again
   */
  record Letter(String file, String title, String cause, String detail, boolean retryable) {}

  /** All of them, the newest first. */
  List<Letter> all() throws IOException {
    return files()
        .sorted(Comparator.comparing(DeadLetterFiles::modified).reversed())
        .limit(MOST)
        .map(this::letter)
        .toList();
  }

  /** How many there are. */
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

  private Letter letter(Path file) {
    String name = file.getFileName().toString();
    try {
      if (!name.endsWith(".yaml")) {
        Path cause = file.resolveSibling(name + ".cause.txt");
        String message = Files.isRegularFile(cause) ? text(cause).strip() : "";
        return new Letter(name, "A message that is no run", message, message, false);
      }
      List<String> comments =
          text(file).lines().takeWhile(l -> l.startsWith("#")).map(DeadLetterFiles::bare).toList();
      String title = comments.stream().findFirst().orElse(name);
      String cause = comments.stream().skip(1).findFirst().orElse("");
      return new Letter(
          name, title, cause, comments.stream().skip(1).collect(Collectors.joining("\n")), true);
    } catch (IOException | UncheckedIOException e) {
      return new Letter(name, name, "cannot be read: " + e.getMessage(), "", false);
    }
  }

  private static String bare(String comment) {
    return comment.replaceFirst("^# ?", "");
  }

  private static String text(Path file) throws IOException {
    return Files.size(file) > MOST_BYTES ? "" : Files.readString(file);
  }

  /** Drops the letter in this path into the inbox again; the name it has there. */
  String retry(Map<String, String> path) throws HttpProblemException, IOException {
    String name = path.get("file");
    Optional<Letter> letter = all().stream().filter(l -> l.file().equals(name)).findFirst();
    if (letter.isEmpty()) {
      throw new HttpProblemException(404, "there is no dead letter " + name);
    }
    if (!letter.get().retryable()) {
      throw new HttpProblemException(409, name + " is no config");
    }
    if (!durableFiles.moveIfFree(home.dead().resolve(name), home.inbox().resolve(name))) {
      throw new HttpProblemException(409, name + " lies in the inbox already");
    }
    return name;
  }
}
