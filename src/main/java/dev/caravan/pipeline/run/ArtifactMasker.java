package dev.caravan.pipeline.run;

import dev.caravan.model.Run;
import dev.caravan.pipeline.process.Masking;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Masks the API key wherever aiperf wrote it: in its output, its own files and their names. Files
 * whose key is no longer known are withheld.
 */
final class ArtifactMasker {

  private static final Logger LOG = LoggerFactory.getLogger(ArtifactMasker.class);

  private final AttemptArchive attempts;
  private final KeyNotes keys;
  private final FileMasker files;
  private final WithheldFiles withheld;

  ArtifactMasker(AttemptArchive attempts, KeyNotes keys, DurableFiles durableFiles) {
    this.attempts = attempts;
    this.keys = keys;
    this.files = new FileMasker(durableFiles);
    this.withheld = keys.withheld();
  }

  /** Notes the key of an attempt that is about to start. */
  void noteKey(Attempt attempt) throws IOException {
    keys.add(attempt);
  }

  /** Masks the files of the attempt in the run folder; returns reasons to add to its result. */
  List<String> mask(Run run, Masking masking) throws IOException {
    if (!masking.hasSecrets()) {
      keys.remove(run);
      return List.of();
    }
    // All in one pass: the end of a secret that begins like another must not stay.
    List<String> masked = files.mask(entries(run), run.folder(), masking);
    keys.remove(run);
    boolean isExpected = !run.parameters().querySecrets().isEmpty(); // aiperf writes the endpoint
    if (masked.isEmpty() || isExpected) {
      return List.of();
    }
    String message = "aiperf wrote the API key into " + String.join(", ", masked) + "; masked";
    LOG.warn("[{}] {}", run.id(), message);
    return List.of(message);
  }

  /**
   * Masks the files of an attempt that was cut off, or withholds them if its key is not set any
   * more; returns reasons to add to its result.
   */
  List<String> maskLost(Run run, int attempt) throws IOException {
    if (keys.mayHoldAnotherKey(run)) {
      KeyNote note = keys.note(run).orElseGet(() -> keys.unknown(run, attempt));
      withheld.withhold(note, run.folder(), entries(run));
      keys.remove(run);
    }
    List<String> reasons = new ArrayList<>();
    if (withheld.isWithheld(run.folder(), attempt)) {
      reasons.add(WithheldFiles.message(run.parameters().apiKeyEnvVar().orElse("its key")));
    }
    reasons.addAll(mask(run, keys.masking(run)));
    return reasons;
  }

  /** The entries of the attempt, and what aiperf wrote between those of earlier attempts. */
  private List<Path> entries(Run run) throws IOException {
    List<Path> entries = new ArrayList<>(attempts.entries(run));
    entries.addAll(attempts.strays(run));
    return entries;
  }
}
