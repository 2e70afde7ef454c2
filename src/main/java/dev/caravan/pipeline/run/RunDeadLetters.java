package dev.caravan.pipeline.run;

import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes the dead letter of a run that is out of retries: a config that can be dropped into the
 * inbox again as it is and repeats only that run. Comments at the top say what happened; no value
 * can break out of them.
 */
public final class RunDeadLetters {

  private static final Set<Outcome> DEAD_LETTER_OUTCOMES =
      Set.of(Outcome.FAILED, Outcome.TIMED_OUT);
  private static final int TAIL_LINES = 20;
  private static final int MAX_LINE = 500;

  private final Home home;
  private final DurableFiles files;

  public RunDeadLetters(Home home, DurableFiles files) {
    this.home = home;
    this.files = files;
  }

  /** Whether a run with this final outcome gets a dead letter. */
  public static boolean isDeadLetter(Outcome outcome) {
    return DEAD_LETTER_OUTCOMES.contains(outcome);
  }

  /**
   * Writes the dead letter of a run that is done, or deletes an earlier one if the run did not fail
   * this time. Does nothing in a home without an inbox.
   */
  void write(Run run, ProcessResult result) throws IOException {
    if (!Files.isDirectory(home.inbox())) {
      return;
    }
    if (isDeadLetter(result.head().status())) {
      files.createDirectories(home.dead());
      String text = comments(run, result) + RerunConfig.yaml(run);
      files.writeWhole(file(run), text.getBytes(StandardCharsets.UTF_8));
    } else if (isOf(file(run), run)) {
      files.delete(file(run));
    }
  }

  /** Path of the dead letter of a run, whether it exists or not. */
  public static Path file(Home home, Run run) {
    String id = run.batch().id().replace('/', '.');
    return home.dead().resolve(id + "." + run.index() + ".yaml");
  }

  private Path file(Run run) {
    return file(home, run);
  }

  /** Whether a dead letter names this run's folder: batches of different roots may share an id. */
  private boolean isOf(Path deadLetter, Run run) throws IOException {
    return Files.isRegularFile(deadLetter)
        && RegularFiles.text(deadLetter).lines().anyMatch(comment(folderLine(run))::equals);
  }

  private String folderLine(Run run) {
    return "Run folder: " + home.display(run.folder());
  }

  private String comments(Run run, ProcessResult result) {
    Head head = result.head();
    String cause = head.cause().isEmpty() ? "" : ", " + head.cause();
    List<String> lines = new ArrayList<>();
    lines.add("Dead letter of run " + run.id());
    lines.add(head.status().value() + cause + " in attempt " + head.attempt());
    head.reasons().forEach(reason -> lines.addAll(reason.lines().toList()));
    lines.add(folderLine(run));
    lines.add("Drop this file into inbox/ to run it again.");
    lines.add("stderr (last lines):");
    lines.addAll(tail(result.stderr()));
    return lines.stream().map(RunDeadLetters::comment).collect(Collectors.joining("\n")) + "\n";
  }

  /**
   * One comment line, without characters that are line breaks or illegal in YAML, or that control a
   * terminal.
   */
  private static String comment(String line) {
    String safe = OneLine.cut(line, MAX_LINE).replaceAll("[\\p{C}\\u2028\\u2029]", " ");
    return ("# " + safe).stripTrailing();
  }

  private static List<String> tail(String text) {
    List<String> lines = text.lines().toList();
    return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
  }
}
