package dev.caravan.pipeline.run;

import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes a run that used up its attempts as a config which can be dropped again as it is and runs
 * only that run. What happened stands in comments at its top, which no value can break out of.
 */
public final class RunDeadLetters {

  private static final Set<Outcome> LETTERS = Set.of(Outcome.FAILED, Outcome.TIMED_OUT);
  private static final int TAIL_LINES = 20;
  private static final int LONGEST_LINE = 500;

  private final Home home;
  private final DurableFiles files;

  public RunDeadLetters(Home home, DurableFiles files) {
    this.home = home;
    this.files = files;
  }

  /** Whether a run that ended so for good becomes a dead letter. */
  public static boolean isLetter(Outcome outcome) {
    return LETTERS.contains(outcome);
  }

  /**
   * Writes the letter of a run that ended for good, or takes an earlier one of it away when the run
   * did not fail this time; nothing in a home that has no inbox.
   */
  void write(Run run, ProcessResult result) throws IOException {
    if (!Files.isDirectory(home.inbox())) {
      return;
    }
    if (isLetter(result.head().status())) {
      files.createDirectories(home.dead());
      String text = comments(run, result) + RerunConfig.yaml(run);
      files.writeWhole(file(run), text.getBytes(StandardCharsets.UTF_8));
    } else if (isOf(file(run), run)) {
      files.delete(file(run));
    }
  }

  /** Where the dead letter of a run lies, if it has one. */
  public static Path file(Home home, Run run) {
    String id = run.batch().id().replace('/', '.');
    return home.dead().resolve(id + "." + run.index() + ".yaml");
  }

  private Path file(Run run) {
    return file(home, run);
  }

  /** Batches below different results folders may have one id. */
  private boolean isOf(Path letter, Run run) throws IOException {
    return Files.isRegularFile(letter)
        && Files.readString(letter).lines().anyMatch(comment(folder(run))::equals);
  }

  private String folder(Run run) {
    return "Its folder: " + home.display(run.folder());
  }

  private String comments(Run run, ProcessResult result) {
    Head head = result.head();
    String cause = head.cause().isEmpty() ? "" : ", " + head.cause();
    List<String> lines = new ArrayList<>();
    lines.add("Dead letter of " + run.id());
    lines.add(head.status().value() + cause + " in attempt " + head.attempt());
    head.reasons().forEach(reason -> lines.addAll(reason.lines().toList()));
    lines.add(folder(run));
    lines.add("Drop this file into inbox/ to run it again.");
    lines.add("The end of its stderr:");
    lines.addAll(tail(result.stderr()));
    return lines.stream().map(RunDeadLetters::comment).collect(Collectors.joining("\n")) + "\n";
  }

  /**
   * One comment line: what YAML takes for a line break or for unreadable, and what a terminal takes
   * for an order, is gone.
   */
  private static String comment(String line) {
    String safe = OneLine.cut(line, LONGEST_LINE).replaceAll("[\\p{C}\\u2028\\u2029]", " ");
    return ("# " + safe).stripTrailing();
  }

  private static List<String> tail(String text) {
    List<String> lines = text.lines().toList();
    return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
  }
}
