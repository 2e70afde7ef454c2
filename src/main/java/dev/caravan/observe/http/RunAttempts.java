package dev.caravan.observe.http;

import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The attempts of a run that lie aside, for its page. */
final class RunAttempts {

  /** An attempt in words. */
  public record Attempt(int number, String outcome, String why, String began, String took) {}

  private RunAttempts() {}

  /** The earlier ones, first one first. */
  static List<Attempt> before(Run run) throws IOException {
    Path folder = run.folder().resolve("attempts");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Attempt> attempts = new ArrayList<>();
    try (Stream<Path> each = Files.list(folder)) {
      for (Path attempt : each.toList()) {
        head(attempt).ifPresent(head -> attempts.add(message(head)));
      }
    }
    attempts.sort(Comparator.comparingInt(Attempt::number));
    return attempts;
  }

  private static Optional<Head> head(Path folder) {
    return ProcessResult.head(new RunFolder(folder).processResult());
  }

  private static Attempt message(Head head) {
    String reason = head.reasons().isEmpty() ? "" : ": " + head.reasons().get(0);
    return new Attempt(
        head.attempt(),
        head.status().value().replace('_', ' '),
        head.cause().replace('_', ' ') + reason,
        DisplayTime.of(head.startedAt()),
        DisplayTime.span(head.duration()));
  }
}
