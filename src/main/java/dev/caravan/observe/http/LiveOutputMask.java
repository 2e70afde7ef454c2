package dev.caravan.observe.http;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.outcome.FileTail;
import dev.caravan.pipeline.outcome.RunFolder;
import dev.caravan.pipeline.process.Masking;
import dev.caravan.pipeline.run.RunSecrets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Hides the key of a run in what it shows before its end: only then is it masked in its files
 * themselves.
 */
record LiveOutputMask(RunSecrets keys) {

  /** A text of the run's with its key masked. */
  String over(Run run, String text) {
    return keys.masking(run).mask(text);
  }

  /** The end of a file of the run's. */
  String tail(Run run, Path file, int most) {
    FileTail tail = FileTail.of(file, most);
    boolean mayBeginInAKey = tail.cut() > 0 && keys.masking(run).hasSecrets();
    return over(run, mayBeginInAKey ? afterTheFirstLine(tail.text()) : tail.text());
  }

  private static String afterTheFirstLine(String text) {
    return text.substring(text.indexOf('\n') + 1);
  }

  /** Refuses a file of a batch that aiperf may still be writing a key into. */
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
    Masking masking = keys.masking(run);
    boolean earlier = file.startsWith(run.folder().resolve("attempts"));
    boolean batchs = run.folder().equals(run.batch().folder()) && isOfTheBatch(file);
    if (masking.hasSecrets()
        && !earlier
        && !batchs
        && !Files.exists(new RunFolder(run.folder()).processResult())) {
      throw new HttpProblemException(
          409, "the run goes on, and aiperf may have written its key there; wait for its end");
    }
  }

  private static boolean isOfTheBatch(Path file) {
    String name = file.getFileName().toString();
    return name.equals(Batch.CONFIG)
        || name.equals(Batch.RECORD)
        || name.equals(ControlStore.FILE)
        || name.equals("summary.json")
        || name.equals("results.csv")
        || name.startsWith("report.");
  }
}
