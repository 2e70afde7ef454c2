package dev.caravan.pipeline.run;

import dev.caravan.config.Target;
import dev.caravan.model.Run;
import dev.caravan.pipeline.environment.Environment;
import dev.caravan.storage.RunFolder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The prompts that a service has seen from the latest runs of a batch. Only a few runs are read, so
 * that the work for each run does not grow with the batch.
 */
final class EarlierPrompts {

  private static final int MOST_RUNS = 8;

  private EarlierPrompts() {}

  /**
   * SHA-256 of the prompts of the attempt before, and of the runs before on the same service, each
   * with words for it; none if every run has prompts of its own.
   */
  static Map<String, String> of(Run run, int attempt) {
    Map<String, String> seen = new HashMap<>();
    if (run.batch().config().variesPrompts()) {
      return seen;
    }
    String before = String.valueOf(attempt - 1);
    add(seen, run.folder().resolve(RunFolder.ATTEMPTS).resolve(before), "attempt " + before);
    Target target = Target.of(run.parameters().url());
    run.batch()
        .before(run.index())
        .limit(MOST_RUNS)
        .filter(other -> Target.of(other.parameters().url()).equals(target))
        .forEach(other -> add(seen, other.folder(), "run " + other.title()));
    return seen;
  }

  private static void add(Map<String, String> seen, Path folder, String words) {
    Environment.prompts(new RunFolder(folder).environment())
        .ifPresent(digest -> seen.putIfAbsent(digest, words));
  }
}
