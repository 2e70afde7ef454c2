package dev.caravan.observe.http;

import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the earlier attempts of a run, for its page. */
final class RunAttempts {

  /** An attempt, formatted for the page. */
  public record Attempt(
      int number, String outcome, String reason, String started, String duration) {}

  private RunAttempts() {}

  /** All attempts before the current one, in order. */
  static List<Attempt> earlier(Run run) throws IOException {
    Path folder = run.folder().resolve(RunFolder.ATTEMPTS);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Attempt> attempts = new ArrayList<>();
    try (Stream<Path> folders = Files.list(folder)) {
      for (Path attemptFolder : folders.toList()) {
        head(attemptFolder).ifPresent(head -> attempts.add(attempt(attemptFolder, head)));
      }
    }
    attempts.sort(Comparator.comparingInt(Attempt::number));
    return attempts;
  }

  private static Optional<Head> head(Path folder) {
    return ProcessResult.head(new RunFolder(folder).processResult());
  }

  private static Attempt attempt(Path folder, Head head) {
    String first = head.reasons().isEmpty() ? "" : ": " + head.reasons().get(0);
    boolean withheld = Files.exists(folder.resolve(RunFolder.WITHHELD), LinkOption.NOFOLLOW_LINKS);
    String reason =
        withheld ? first + "; its files are withheld, because its API key changed" : first;
    return new Attempt(
        head.attempt(),
        head.status().value().replace('_', ' '),
        head.cause().replace('_', ' ') + reason,
        DisplayTime.of(head.startedAt()),
        DisplayTime.span(head.duration()));
  }
}
