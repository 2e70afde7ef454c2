package dev.caravan.pipeline.run;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import dev.caravan.testing.InMemoryBatches;
import dev.caravan.testing.PowerCut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AttemptArchiveTest {

  private static final List<String> ATTEMPT_FILES =
      List.of(
          "inputs.json",
          "logs",
          "phases",
          "process_result.json",
          "run_metadata.json",
          "stderr.log",
          "stdout.log",
          "superseded_export.json",
          "superseded_requests.jsonl");

  private static final List<String> PHASE_FILES =
      List.of("profile_export_aiperf.csv", "superseded_export.json", "superseded_requests.jsonl");
  private static final List<String> RESULT_FILES =
      List.of("profile_export_aiperf.json", "profile_export.jsonl");

  private static final List<String> BATCH_FILES =
      List.of(
          "batch.json", "config.yaml", "control.json", "groups.csv", "results.csv", "summary.json");

  @TempDir private Path folder;

  @Test
  void setsAnAttemptAsideAndKeepsTheFilesOfTheBatch() throws IOException {
    // given
    Path run = attempt(folder, "first");
    for (String name : BATCH_FILES) {
      Files.writeString(run.resolve(name), "of the batch");
    }
    Files.writeString(run.resolve("report.html"), "of the batch");
    // when
    new AttemptArchive(new DurableFiles()).setAside(at(run));
    // then
    List<String> remaining = new ArrayList<>(BATCH_FILES);
    remaining.add("attempts");
    remaining.add("report.html");
    assertThat(names(run)).containsExactlyInAnyOrderElementsOf(remaining);
    assertThat(names(run.resolve("attempts/1"))).isEqualTo(ATTEMPT_FILES);
    assertThat(run.resolve("attempts/1/logs/aiperf.log")).hasContent("first");
  }

  @Test
  void setsAsideAllFilesOfARunThatHasItsOwnFolder() throws IOException {
    // given
    Batch plan = InMemoryBatches.batch("b", 1, "concurrency: [1, 2]");
    Run run = new Batch(folder, plan.record(), plan.config(), plan.sweep()).run(0);
    attempt(run.folder(), "first");
    for (String name : List.of("summary.json", "report.html", "lock")) {
      Files.writeString(run.folder().resolve(name), "of the run");
    }
    // when
    new AttemptArchive(new DurableFiles()).setAside(run);
    // then
    assertThat(names(run.folder())).containsExactly("attempts");
    assertThat(names(run.folder().resolve("attempts/1")))
        .contains("summary.json", "report.html", "lock");
  }

  @Test
  void leavesNoFilesFromWhichOtherProgramsTakeAnEarlierAttemptForARun() throws IOException {
    // given
    Path run = attempt(folder, "first");
    // when
    new AttemptArchive(new DurableFiles()).setAside(at(run));
    // then
    Path archived = run.resolve("attempts/1");
    assertThat(names(archived.resolve("phases/profiling"))).isEqualTo(PHASE_FILES);
    try (Stream<Path> all = Files.walk(archived)) {
      assertThat(all.map(file -> file.getFileName().toString()))
          .doesNotContain("profile_export_aiperf.json", "profile_export.jsonl");
    }
    assertThat(new RunFolder(archived).export()).hasContent("first");
    assertThat(new RunFolder(archived).requests()).hasContent("first");
  }

  @Test
  void readsAnEarlierAttemptThatHasItsFormerNames() throws IOException {
    // given: a tree of an earlier version
    Path run = attempt(folder.resolve("attempts/1"), "first");
    // then
    assertThat(new RunFolder(run).export()).hasFileName("profile_export_aiperf.json");
    assertThat(new RunFolder(run).requests()).hasContent("first");
  }

  @Test
  void numbersAttemptsInOrder() throws IOException {
    // given
    AttemptArchive attempts = new AttemptArchive(new DurableFiles());
    // then
    assertThat(attempts.nextNumber(folder)).isEqualTo(1);
    for (int n = 1; n <= 11; n++) {
      attempt(folder, "attempt " + n);
      assertThat(attempts.holdsAttempt(at(folder))).isTrue();
      attempts.setAside(at(folder));
      assertThat(attempts.holdsAttempt(at(folder))).isFalse();
      assertThat(attempts.nextNumber(folder)).isEqualTo(n + 1);
      assertThat(folder.resolve("attempts/" + n + "/logs/aiperf.log")).hasContent("attempt " + n);
    }
  }

  @Test
  void movesTheResultLast() throws IOException {
    // given
    Path run = attempt(folder, "first");
    List<String> moved = new ArrayList<>();
    DurableFiles files =
        new DurableFiles() {
          @Override
          public void move(Path from, Path to) throws IOException {
            moved.add(from.getFileName().toString());
            super.move(from, to);
          }
        };
    // when
    new AttemptArchive(files).setAside(at(run));
    // then
    assertThat(moved).endsWith("process_result.json").containsOnlyOnce("process_result.json");
  }

  @ParameterizedTest
  @EnumSource
  void continuesTheMoveAfterAPowerCutAtAnyMoment(PowerCut.When when) throws IOException {
    boolean wasCut = true;
    for (int fatal = 1; wasCut; fatal++) {
      // given
      Path run = attempt(folder.resolve(when.name() + fatal), "first");
      PowerCut disk = new PowerCut(fatal, when);
      // when
      setAside(run, disk);
      wasCut = !disk.neverHappened();
      if (new AttemptArchive(new DurableFiles()).holdsAttempt(at(run))) {
        setAside(run, new DurableFiles());
      }
      // then
      String at = when + " change " + fatal;
      assertThat(names(run)).as(at).containsExactly("attempts");
      assertThat(names(run.resolve("attempts"))).as(at).containsExactly("1");
      assertThat(names(run.resolve("attempts/1"))).as(at).isEqualTo(ATTEMPT_FILES);
      assertThat(names(run.resolve("attempts/1/phases/profiling"))).as(at).isEqualTo(PHASE_FILES);
      assertThat(new AttemptArchive(new DurableFiles()).nextNumber(run)).as(at).isEqualTo(2);
    }
  }

  private static void setAside(Path run, DurableFiles files) throws IOException {
    try {
      new AttemptArchive(files).setAside(at(run));
    } catch (PowerCut.PowerCutError cut) {
      assertThat(cut).hasMessageStartingWith("power cut");
    }
  }

  /** The run of a batch without sweeps, in this folder. */
  private static Run at(Path folder) {
    Batch batch = InMemoryBatches.batch("b", 1, "");
    return new Batch(folder, batch.record(), batch.config(), batch.sweep()).run(0);
  }

  private static Path attempt(Path run, String text) throws IOException {
    Files.createDirectories(run.resolve("logs"));
    Files.writeString(run.resolve("logs/aiperf.log"), text);
    Path phase = Files.createDirectories(run.resolve("phases/profiling"));
    for (String name : RESULT_FILES) {
      Files.writeString(run.resolve(name), text);
      Files.writeString(phase.resolve(name), text);
    }
    Files.writeString(phase.resolve("profile_export_aiperf.csv"), text);
    for (String name : ATTEMPT_FILES) {
      if (name.contains(".") && !name.startsWith("superseded")) {
        Files.writeString(run.resolve(name), text);
      }
    }
    return run;
  }
}
