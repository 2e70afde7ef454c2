package dev.caravan.observe.http;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.FileTail;
import dev.caravan.pipeline.process.Masking;
import dev.caravan.pipeline.run.RunSecrets;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Masks a run's API key in output that is shown while the run is in progress. The files themselves
 * are masked only when the run ends.
 */
record LiveOutputMask(RunSecrets secrets) {

  /** The text with the run's key masked. */
  String mask(Run run, String text) {
    return secrets.masking(run).mask(text);
  }

  /** The masked end of one of the run's files. */
  String tail(Run run, Path file, int maxBytes) {
    FileTail tail = FileTail.of(file, maxBytes);
    boolean mayStartInsideKey = tail.skippedBytes() > 0 && secrets.masking(run).hasSecrets();
    return mask(run, mayStartInsideKey ? afterFirstLine(tail.text()) : tail.text());
  }

  private static String afterFirstLine(String text) {
    return text.substring(text.indexOf('\n') + 1);
  }

  /**
   * Checks that a file of a batch can be served.
   *
   * @throws HttpProblemException with status 409 if aiperf may still write a key to the file
   */
  void requireMasked(Batch batch, String file) throws HttpProblemException {
    if (!namesKeys(batch)) {
      return;
    }
    Path path = batch.folder().resolve(file).normalize();
    for (int index = 0; index < batch.size(); index++) {
      String name = batch.sweep().folder(index);
      if (name.isEmpty() || path.startsWith(batch.folder().resolve(name))) {
        requireMasked(batch.run(index), path);
        return;
      }
    }
  }

  private static boolean namesKeys(Batch batch) {
    return batch.config().base().apiKeyEnvVar().isPresent()
        || batch.config().sweeps().containsKey("api_key_env_var");
  }

  private void requireMasked(Run run, Path file) throws HttpProblemException {
    Masking masking = secrets.masking(run);
    boolean isEarlierAttempt = file.startsWith(run.folder().resolve(RunFolder.ATTEMPTS));
    boolean isBatchFile =
        file.getParent().equals(run.batch().folder())
            && BatchFolder.owns(file.getFileName().toString());
    if (masking.hasSecrets()
        && !isEarlierAttempt
        && !isBatchFile
        && !Files.exists(new RunFolder(run.folder()).processResult())) {
      throw new HttpProblemException(
          409,
          "the run is in progress and the file may contain its API key; try again when it has ended");
    }
  }
}
