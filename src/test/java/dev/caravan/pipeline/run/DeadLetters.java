package dev.caravan.pipeline.run;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.AcceptedBatch;
import dev.caravan.model.Batch;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** Reads the dead letters of a home and drops them into its inbox. */
final class DeadLetters {

  /** Runs are not repeated by themselves. */
  static final String ONCE = "retry: {attempts: 1}\n";

  /** The second of two runs fails. */
  static final String BAD = "sweeps: {model: [fake-ok, fake-exit-3]}\n";

  private DeadLetters() {}

  /** The text of the only dead letter, which is that of this run. */
  static String only(RunStageFixture stage, Batch batch, int index) throws IOException {
    List<String> deadLetters = names(stage.scratch.home.dead());
    assertThat(deadLetters).hasSize(1);
    assertThat(deadLetters.get(0))
        .endsWith("." + batch.folder().getFileName() + "." + index + ".yaml");
    return Files.readString(stage.scratch.home.dead().resolve(deadLetters.get(0)));
  }

  /** Drops and accepts the text of a dead letter. */
  static AcceptedBatch drop(RunStageFixture stage, String deadLetter) throws Exception {
    ScratchHome scratch = stage.scratch;
    return scratch.acceptance.accept(
        scratch.claim("dead-letter.yaml", deadLetter), scratch.rules());
  }
}
