package dev.caravan.pipeline.run;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.PowerCut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AttemptArchiveTest {

  private static final List<String> OF_AN_ATTEMPT =
      List.of(
          "inputs.json",
          "logs",
          "process_result.json",
          "run_metadata.json",
          "stderr.log",
          "stdout.log");
  private static final List<String> OF_THE_BATCH =
      List.of("batch.json", "config.yaml", "control.json", "results.csv", "summary.json");

  @TempDir private Path folder;

  @Test
  void setsAnAttemptAsideWholeAndLeavesTheRest() throws IOException {
    // given
    Path run = attempt(folder, "first");
    for (String name : OF_THE_BATCH) {
      Files.writeString(run.resolve(name), "of the batch");
    }
    Files.writeString(run.resolve("report.html"), "of the batch");
    // when
    new AttemptArchive(new DurableFiles()).setAside(run);
    // then
    List<String> left = new ArrayList<>(OF_THE_BATCH);
    left.add("attempts");
    left.add("report.html");
    assertThat(names(run)).containsExactlyInAnyOrderElementsOf(left);
    assertThat(names(run.resolve("attempts/1"))).isEqualTo(OF_AN_ATTEMPT);
    assertThat(run.resolve("attempts/1/logs/aiperf.log")).hasContent("first");
  }

  @Test
  void numbersAttemptsInTheOrderTheyWereMade() throws IOException {
    // given
    AttemptArchive attempts = new AttemptArchive(new DurableFiles());
    // then
    assertThat(attempts.next(folder)).isEqualTo(1);
    for (int n = 1; n <= 11; n++) {
      attempt(folder, "attempt " + n);
      assertThat(attempts.holdsOne(folder)).isTrue();
      attempts.setAside(folder);
      assertThat(attempts.holdsOne(folder)).isFalse();
      assertThat(attempts.next(folder)).isEqualTo(n + 1);
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
    new AttemptArchive(files).setAside(run);
    // then
    assertThat(moved).hasSize(OF_AN_ATTEMPT.size()).endsWith("process_result.json");
  }

  @ParameterizedTest
  @EnumSource
  void goesOnWithTheMoveAfterAPowerCutAtAnyInstant(PowerCut.When when) throws IOException {
    boolean came = true;
    for (int fatal = 1; came; fatal++) {
      // given
      Path run = attempt(folder.resolve(when.name() + fatal), "first");
      PowerCut disk = new PowerCut(fatal, when);
      // when
      setAside(run, disk);
      came = !disk.neverCame();
      if (new AttemptArchive(new DurableFiles()).holdsOne(run)) {
        setAside(run, new DurableFiles());
      }
      // then
      String at = when + " change " + fatal;
      assertThat(names(run)).as(at).containsExactly("attempts");
      assertThat(names(run.resolve("attempts"))).as(at).containsExactly("1");
      assertThat(names(run.resolve("attempts/1"))).as(at).isEqualTo(OF_AN_ATTEMPT);
      assertThat(new AttemptArchive(new DurableFiles()).next(run)).as(at).isEqualTo(2);
    }
  }

  private static void setAside(Path run, DurableFiles files) throws IOException {
    try {
      new AttemptArchive(files).setAside(run);
    } catch (PowerCut.Cut cut) {
      assertThat(cut).hasMessageStartingWith("power cut");
    }
  }

  private static Path attempt(Path run, String text) throws IOException {
    Files.createDirectories(run.resolve("logs"));
    Files.writeString(run.resolve("logs/aiperf.log"), text);
    for (String name : OF_AN_ATTEMPT) {
      if (!name.equals("logs")) {
        Files.writeString(run.resolve(name), text);
      }
    }
    return run;
  }
}
