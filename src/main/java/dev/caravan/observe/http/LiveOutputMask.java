package dev.caravan.observe.http;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.FileTail;
import dev.caravan.pipeline.run.KeyNotes;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;

/**
 * Masks a run's API key in output that is shown before the run has ended. The files themselves are
 * masked only when it ends. Shows nothing that another key may be in than the one set now.
 */
record LiveOutputMask(KeyNotes keys) {

  private static final String WITHHELD =
      "(withheld: this may contain an API key that is no longer set)";

  /** The text with the run's key masked. */
  String mask(Run run, String text) {
    return withholds(run) && !text.isEmpty() ? WITHHELD : keys.masking(run).mask(text);
  }

  /** Whether nothing of the run's output can be shown. */
  boolean withholds(Run run) {
    return keys.mayHoldAnotherKey(run);
  }

  /** The masked end of one of the run's files. */
  String tail(Run run, Path file, int maxBytes) {
    FileTail tail = FileTail.of(file, maxBytes);
    boolean mayStartInsideKey = tail.skippedBytes() > 0 && keys.masking(run).hasSecrets();
    return mask(run, mayStartInsideKey ? afterFirstLine(tail.text()) : tail.text());
  }

  private static String afterFirstLine(String text) {
    return text.substring(text.indexOf('\n') + 1);
  }

  /**
   * Checks that a file of a batch can be served.
   *
   * @param file its path, with links resolved
   * @throws HttpProblemException with status 409 if it may contain a key that is not masked
   */
  void requireMasked(Batch batch, Path file) throws HttpProblemException, IOException {
    if (isWithheld(file)) {
      throw new HttpProblemException(
          409,
          "the file is withheld: it may contain an API key that is no longer set; its owner can"
              + " release it with `caravan release`");
    }
    if (!batch.config().hasSecrets()) {
      return;
    }
    Path folder = batch.folder().toRealPath();
    for (int index : batch.indexes().toArray()) {
      String name = batch.sweep().folder(index);
      if (name.isEmpty() || file.startsWith(folder.resolve(name))) {
        requireMasked(batch.run(index), folder.resolve(name), file);
        return;
      }
    }
  }

  /** Whether the file is one that its attempt withholds. */
  static boolean isWithheld(Path file) {
    return StreamSupport.stream(file.spliterator(), false)
        .anyMatch(part -> part.endsWith(RunFolder.WITHHELD));
  }

  private static void requireMasked(Run run, Path folder, Path file) throws HttpProblemException {
    boolean isShared = run.folder().equals(run.batch().folder());
    boolean isBatchFile =
        isShared
            && file.getParent().equals(folder)
            && BatchFolder.owns(file.getFileName().toString());
    if (run.parameters().hasSecrets()
        && !isBatchFile
        && !isOfEarlierAttempt(folder.resolve(RunFolder.ATTEMPTS), file)
        && !Files.exists(new RunFolder(folder).processResult())) {
      throw new HttpProblemException(
          409, "the run has not ended and the file may contain its API key; try again when it has");
    }
  }

  /** Aiperf may write into the folder of attempts, too, so only those that are whole count. */
  private static boolean isOfEarlierAttempt(Path attempts, Path file) {
    if (!file.startsWith(attempts) || file.getParent().equals(attempts)) {
      return false;
    }
    Path attempt = attempts.resolve(attempts.relativize(file).getName(0));
    return Files.exists(new RunFolder(attempt).processResult());
  }
}
