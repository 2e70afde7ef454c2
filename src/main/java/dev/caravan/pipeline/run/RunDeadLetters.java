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
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes the dead letter of a run that is out of retries: a config that can be dropped into the
 * inbox again as it is and repeats only that run. Comments at the top say what happened; no value
 * can break out of them.
 */
public final class RunDeadLetters {

  private static final Set<Outcome> DEAD_LETTER_OUTCOMES =
      Set.of(Outcome.FAILED, Outcome.TIMED_OUT);
  private static final Pattern NUMBERED = Pattern.compile("(_\\d{1,9})?\\.yaml");
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
   * this time. That of another run is never touched. Does nothing in a home without an inbox.
   */
  void write(Run run, ProcessResult result) throws IOException {
    if (!Files.isDirectory(home.inbox())) {
      return;
    }
    List<Path> own = own(home, run);
    if (isDeadLetter(result.head().status())) {
      files.createDirectories(home.dead());
      byte[] text =
          (comments(run, result) + RerunConfig.yaml(run)).getBytes(StandardCharsets.UTF_8);
      if (own.isEmpty()) {
        writeNew(run, text);
      } else {
        files.writeWhole(own.get(0), text);
      }
    } else {
      for (Path letter : own) {
        files.delete(letter);
      }
    }
  }

  /** Writes to the first free name: batches of different output folders may share an id. */
  private void writeNew(Run run, byte[] text) throws IOException {
    int n = 1;
    while (!files.writeNew(file(home, run, n), text)) {
      n++;
    }
  }

  /** Path of the dead letter of a run; where it would most likely be, if there is none. */
  public static Path file(Home home, Run run) {
    try {
      return own(home, run).stream().findFirst().orElse(file(home, run, 1));
    } catch (IOException e) {
      return file(home, run, 1);
    }
  }

  private static Path file(Home home, Run run, int n) {
    return home.dead().resolve(stem(run) + (n == 1 ? "" : "_" + n) + ".yaml");
  }

  private static String stem(Run run) {
    return run.batch().id().replace('/', '.') + "." + run.index();
  }

  /** The dead letters that name this run's folder. */
  private static List<Path> own(Home home, Run run) throws IOException {
    String stem = stem(run);
    String folder = comment(folderLine(home, run));
    return new DurableFiles()
        .list(home.dead()).stream()
            .filter(file -> isNamed(file.getFileName().toString(), stem))
            .filter(file -> hasLine(file, folder))
            .toList();
  }

  private static boolean isNamed(String file, String stem) {
    return file.startsWith(stem) && NUMBERED.matcher(file.substring(stem.length())).matches();
  }

  /** A letter that cannot be read is that of another run, and so is kept. */
  private static boolean hasLine(Path letter, String line) {
    try {
      return Files.isRegularFile(letter)
          && RegularFiles.text(letter).lines().anyMatch(line::equals);
    } catch (IOException e) {
      return false;
    }
  }

  private static String folderLine(Home home, Run run) {
    return "Run folder: " + home.display(run.folder());
  }

  private String comments(Run run, ProcessResult result) {
    Head head = result.head();
    String cause = head.cause().isEmpty() ? "" : ", " + head.cause();
    List<String> lines = new ArrayList<>();
    lines.add("Dead letter of run " + run.id());
    lines.add(head.status().value() + cause + " in attempt " + head.attempt());
    head.reasons().forEach(reason -> lines.addAll(reason.lines().toList()));
    lines.add(folderLine(home, run));
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
