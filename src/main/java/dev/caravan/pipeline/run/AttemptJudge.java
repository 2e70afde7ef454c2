package dev.caravan.pipeline.run;

import dev.caravan.model.Run;
import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.outcome.CheckedJudgment;
import dev.caravan.pipeline.outcome.Judge;
import dev.caravan.pipeline.outcome.Judgment;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.pipeline.outcome.checks.CheckRules;
import dev.caravan.pipeline.process.Masking;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Judges and checks an attempt that ended by the files in its run folder, which it masks, and adds
 * run_metadata.json and environment.json to them.
 */
final class AttemptJudge {

  private final DurableFiles files;
  private final ResultWriter writer; // the folder is synced once, with all of the attempt
  private final ArtifactMasker masker;
  private final EarlierPrompts earlierPrompts = new EarlierPrompts();
  private final String worker;

  AttemptJudge(DurableFiles files, ArtifactMasker masker, String worker) {
    this.files = files;
    this.writer = new ResultWriter(files::writeWithoutFolderSync);
    this.masker = masker;
    this.worker = worker;
  }

  /**
   * The judged attempt; all its files are on disk when this returns.
   *
   * @param targetReady probes the target; called when requests failed or were cut off
   */
  JudgedAttempt judge(Attempt attempt, ProcessExit exit, BooleanSupplier targetReady)
      throws IOException {
    Run run = attempt.task().run();
    RunFolder folder = new RunFolder(run.folder());
    Optional<EnvironmentRecorder.Ended> recorded =
        attempt.recorder().map(recorder -> recorder.ended(exit));
    // Before the judging, which may be killed: an attempt that ran to its end does not count as cut
    // off.
    writer.write(folder, attempt.metadata(worker, exit.startedAt(), Optional.of(exit.duration())));
    List<String> masked = masker.mask(run, attempt.masking());
    Judge judge = new Judge(attempt.masking()::mask);
    Judgment judgment =
        attempt.refusal().orElseGet(() -> judge.judge(folder.path(), exit, targetReady));
    if (recorded.isPresent()) {
      write(folder, recorded.get().environment(), attempt.masking());
    }
    CheckedJudgment checked =
        CheckedJudgment.of(
            judgment,
            folder,
            run.sent(attempt.number()),
            CheckRules.of(run.batch().config().checks()),
            earlierPrompts.of(run, attempt.number()));
    files.syncAll(folder.path());
    return new JudgedAttempt(attempt, exit, checked, masked);
  }

  private void write(RunFolder folder, Environment environment, Masking masking)
      throws IOException {
    String json = new String(environment.json(), StandardCharsets.UTF_8);
    files.writeWithoutFolderSync(
        folder.environment(), masking.mask(json).getBytes(StandardCharsets.UTF_8));
  }
}
