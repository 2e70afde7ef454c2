package dev.caravan.pipeline.run;

import dev.caravan.model.Run;
import dev.caravan.pipeline.process.Masking;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Masks the API key wherever aiperf wrote it, in its output and in its own files. */
final class ArtifactMasker {

  private static final Logger LOG = LoggerFactory.getLogger(ArtifactMasker.class);

  private final AttemptArchive attempts;

  ArtifactMasker(AttemptArchive attempts) {
    this.attempts = attempts;
  }

  /** Masks the files of the attempt in the run folder; returns reasons to add to its result. */
  List<String> mask(Run run, Masking masking) throws IOException {
    List<String> masked = new ArrayList<>();
    for (Path file : attempts.files(run.folder())) {
      if (masking.maskFile(file)) {
        masked.add(run.folder().relativize(file).toString());
      }
    }
    if (masked.isEmpty()) {
      return List.of();
    }
    String message = "aiperf wrote the API key into " + String.join(", ", masked) + "; masked";
    LOG.warn("[{}] {}", run.id(), message);
    return List.of(message);
  }
}
