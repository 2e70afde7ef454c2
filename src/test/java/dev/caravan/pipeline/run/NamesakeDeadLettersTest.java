package dev.caravan.pipeline.run;

import static dev.caravan.pipeline.run.DeadLetters.BAD;
import static dev.caravan.pipeline.run.DeadLetters.ONCE;
import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.plan.Sweep;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ReturnCodes;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs of two batches that have one id in different output folders keep a dead letter each. */
class NamesakeDeadLettersTest extends RunStageTestBase {

  private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-11-24T14:02:54+01:00");

  private RunDeadLetters letters;
  private Path dead;
  private Run run;
  private Run namesake;

  @BeforeEach
  void acceptBothBatches() throws Exception {
    Batch batch = stage.accept(ONCE + RunStageFixture.BASE + BAD);
    Path other = stage.scratch.home.root().resolve("r2").resolve(batch.id());
    Files.createDirectories(other);
    Files.copy(batch.folder().resolve("config.yaml"), other.resolve("config.yaml"));
    letters = new RunDeadLetters(stage.scratch.home, stage.scratch.files);
    dead = stage.scratch.home.dead();
    run = batch.run(1);
    namesake = new Batch(other, batch.record(), batch.config(), new Sweep(batch.config())).run(1);
  }

  @Test
  void keepsTheLetterOfTheOtherRun() throws Exception {
    // when
    letters.write(run, result(Outcome.FAILED, "the first"));
    letters.write(namesake, result(Outcome.FAILED, "the second"));
    letters.write(run, result(Outcome.FAILED, "the first again"));
    letters.write(namesake, result(Outcome.FAILED, "the second again"));
    // then
    String name = run.batch().id().replace('/', '.') + ".1";
    assertThat(names(dead)).containsExactly(name + ".yaml", name + "_2.yaml");
    assertThat(dead.resolve(name + ".yaml")).content().contains("# the first again\n");
    assertThat(dead.resolve(name + "_2.yaml")).content().contains("# the second again\n");
    assertThat(letter(run)).hasFileName(name + ".yaml");
    assertThat(letter(namesake)).hasFileName(name + "_2.yaml");
  }

  @Test
  void writesItsOwnLetterAgainWhereItIsAlsoWhenTheOtherIsGone() throws Exception {
    // given
    letters.write(run, result(Outcome.FAILED, "the first"));
    letters.write(namesake, result(Outcome.FAILED, "the second"));
    Files.delete(letter(run));
    // when
    letters.write(namesake, result(Outcome.FAILED, "the second again"));
    // then
    assertThat(names(dead)).hasSize(1);
    assertThat(letter(namesake)).content().contains("# the second again\n");
    assertThat(letter(namesake).getFileName().toString()).endsWith("_2.yaml");
  }

  @Test
  void deletesOnlyItsOwnLetter() throws Exception {
    // given
    letters.write(run, result(Outcome.FAILED, "the first"));
    letters.write(namesake, result(Outcome.FAILED, "the second"));
    // when
    letters.write(namesake, result(Outcome.SUCCEEDED, ""));
    // then
    assertThat(names(dead)).containsExactly(letter(run).getFileName().toString());
    assertThat(letter(run)).content().contains("# the first\n");
  }

  @Test
  void keepsALetterThatAnotherProcessWritesAtTheSameTime() throws Exception {
    // given: the other letter appears after this process has seen that there is none
    DurableFiles slow =
        new DurableFiles() {
          @Override
          public boolean writeNew(Path file, byte[] content) throws IOException {
            if (names(dead).isEmpty()) {
              letters.write(run, result(Outcome.FAILED, "the first"));
            }
            return super.writeNew(file, content);
          }
        };
    // when
    new RunDeadLetters(stage.scratch.home, slow)
        .write(namesake, result(Outcome.FAILED, "the second"));
    // then
    assertThat(letter(run)).content().contains("# the first\n");
    assertThat(letter(namesake)).content().contains("# the second\n");
  }

  private Path letter(Run of) {
    return RunDeadLetters.file(stage.scratch.home, of);
  }

  private static ProcessResult result(Outcome outcome, String reason) {
    Head head =
        new Head(
            outcome,
            outcome == Outcome.FAILED ? "crashed" : "",
            List.of(reason),
            1,
            true,
            Optional.empty(),
            NOW,
            NOW,
            Duration.ZERO,
            "0.13.0");
    return new ProcessResult(head, List.of(), List.of(), ReturnCodes.NONE, "", "");
  }
}
