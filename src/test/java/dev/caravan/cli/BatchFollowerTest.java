package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.analysis.Verdict;
import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.observe.report.BatchVerdict;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.FailOn;
import dev.caravan.pipeline.outcome.FoundCheck;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.storage.BatchFolder;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.SampleTree;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchFollowerTest {

  private final PrintStream stdout = System.out;
  private final PrintStream stderr = System.err;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complaints = new ByteArrayOutputStream();
  private SampleTree tree;
  private Batch batch;
  private Optional<BatchVerdict> verdict = Optional.empty();

  /** The line on the report, at each look after the batch has finished. */
  private final List<Optional<String>> reports = new ArrayList<>();

  /** Whether it writes its report and closes after the first look at whether it has. */
  private boolean closesAtALook;

  private boolean isClosed;

  /** Why the batch waits, at each look before it finishes. */
  private final List<Optional<String>> reasons = new ArrayList<>();

  /** A finished batch of one run that succeeded with a warning. */
  @BeforeEach
  void prepare(@TempDir Path folder) throws Exception {
    tree = new SampleTree(folder);
    batch = tree.batch("b", "concurrency: [4]", "");
    Finding cache = new Finding("cache", Level.WARNING, 61, 10, "61 of 100 tokens", "a: b");
    CheckResults checks = new CheckResults(List.of(cache), List.of("cache"), Map.of(), Map.of());
    tree.checked(batch.run(0), Outcome.SUCCEEDED, checks, 100, 50);
    tree.summarise(batch, true);
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(complaints, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setOut(stdout);
    System.setErr(stderr);
  }

  @ParameterizedTest
  @CsvSource({
    "FAIL, DEGRADED, regression, 1",
    "REFUSED, DEGRADED, regression, 2",
    "INCONCLUSIVE, DEGRADED, regression, 0",
    "INCONCLUSIVE, DEGRADED, inconclusive, 4",
    "INCONCLUSIVE, WARNING, inconclusive, 1",
    "PASS, DEGRADED, inconclusive, 0",
    "NONE, DEGRADED, inconclusive, 0"
  })
  void exitsWithTheVerdictUnlessARunFailed(Verdict given, FailOn failOn, String on, int exit)
      throws Exception {
    // given
    batch =
        tree.batch(FixedRules.BASE + "batch_name: c\ncompare: {last: 5, fail_on: " + on + "}\n");
    tree.succeeded(batch.run(0), 100, 50);
    tree.summarise(batch, true);
    if (failOn == FailOn.WARNING) {
      tree.ended(batch.run(0), Outcome.FAILED, "crashed", "it broke");
      tree.summarise(batch, true);
    }
    verdict = Optional.of(new BatchVerdict(given, given + " c: so it is"));

    // when
    int code = new BatchFollower(false, failOn).follow(followed());

    // then
    assertThat(code).isEqualTo(exit);
    assertThat(complaints.toString(StandardCharsets.UTF_8)).endsWith(given + " c: so it is\n");
  }

  private FollowedBatch followed() {
    return new FollowedBatch() {
      @Override
      public Optional<BatchVerdict> verdict() {
        return verdict;
      }

      @Override
      public Optional<String> waiting() {
        return reasons.isEmpty() ? Optional.empty() : reasons.remove(0);
      }

      @Override
      public Optional<String> report() {
        return isAtTheEnd() || reports.isEmpty() ? Optional.empty() : reports.remove(0);
      }

      @Override
      public boolean isClosing() {
        return isAtTheEnd() || !isClosed && !reports.isEmpty();
      }

      private boolean isAtTheEnd() {
        boolean is = closesAtALook && !isClosed;
        if (is) {
          isClosed = true;
          reports.add(Optional.of("Report     : b/report.html"));
        }
        return is;
      }

      @Override
      public Batch batch() {
        return batch;
      }

      @Override
      public String shownFolder() {
        return "b";
      }

      @Override
      public LiveProgress.Lines progress() {
        return width -> List.of();
      }

      @Override
      public Optional<BatchSummary> poll(RunEnds ends) {
        if (!reasons.isEmpty()) {
          return Optional.empty();
        }
        FoundCheck cache = new FoundCheck("cache", Level.WARNING, "61 of 100 tokens", "");
        ends.ended(0, "succeeded", Optional.empty(), List.of(cache));
        return BatchSummary.read(batch.folder().resolve(BatchFolder.SUMMARY));
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void tellsWhyTheBatchWaitsWheneverThatChanges() throws Exception {
    // given
    String paused = "paused by ann";
    String full = "nothing starts: the disk\nis full";
    for (String reason : List.of(paused, paused, "", full, full)) {
      reasons.add(Optional.of(reason).filter(text -> !text.isEmpty()));
    }

    try (CapturedLog log = CapturedLog.of(WaitingLines.class)) {
      // when
      new BatchFollower(false, FailOn.FAILED).follow(followed());

      // then
      assertThat(log.lines())
          .containsExactly("Waiting: paused by ann", "Waiting: nothing starts: the disk is full");
    }
  }

  @Test
  void awaitsTheReportThatIsWrittenAfterTheSummary() throws Exception {
    // given
    reports.add(Optional.empty());
    reports.add(Optional.empty());
    reports.add(Optional.of("Report     : b/report.html"));

    try (CapturedLog log = CapturedLog.of(BatchFollower.class)) {
      // when
      new BatchFollower(false, FailOn.FAILED).follow(followed());

      // then
      assertThat(log.lines()).contains("Report     : b/report.html");
    }
  }

  @Test
  void findsTheReportOfABatchThatClosesBetweenTwoLooks() throws Exception {
    // given
    closesAtALook = true;

    try (CapturedLog log = CapturedLog.of(BatchFollower.class)) {
      // when
      new BatchFollower(false, FailOn.FAILED).follow(followed());

      // then
      assertThat(log.lines()).contains("Report     : b/report.html");
    }
  }

  @Test
  void goesOnWithTheNextBatchWhenOneCannotBeFollowedToItsEnd() throws Exception {
    // given
    Batch gone = tree.batch("gone", "concurrency: [1]", "");
    tree.home().files.delete(gone.folder());
    BatchFollower follower = new BatchFollower(false, FailOn.FAILED);

    try (CapturedLog log = CapturedLog.of(BatchFollower.class)) {
      // when
      int code =
          follower.follow(
              List.of(
                  submission(new LocalFollowedBatch(tree.home().home, gone)),
                  submission(followed())));

      // then
      assertThat(code).isEqualTo(Exit.FAILED);
      assertThat(follower.followed()).containsExactly(batch);
      assertThat(log.lines())
          .filteredOn(line -> line.contains("is gone"))
          .containsExactly(
              "Counted as failed: the folder of the batch is gone: aiperf_results/" + gone.id());
    }
  }

  private static HomeClient.Submission submission(FollowedBatch followed) {
    return new HomeClient.Submission() {
      @Override
      public String name() {
        return followed.batch().id();
      }

      @Override
      public boolean canBeFollowed() {
        return true;
      }

      @Override
      public Optional<FollowedBatch> batch() {
        return Optional.of(followed);
      }
    };
  }

  @Test
  void tellsAReasonThatComesAndGoesOnceUntilTheWaitIsOver() {
    // given
    WaitingLines lines = new WaitingLines();

    try (CapturedLog log = CapturedLog.of(WaitingLines.class)) {
      // when
      for (int each = 0; each < 60; each++) {
        String other = each % 2 == 0 ? "after a" : "after b";
        lines.poll(() -> Optional.of(other));
      }

      // then
      assertThat(log.lines()).containsExactlyInAnyOrder("Waiting: after a", "Waiting: after b");

      // when
      lines.over();
      for (int each = 0; each < 10; each++) {
        lines.poll(() -> Optional.of("after a"));
      }

      // then
      assertThat(log.lines()).hasSize(3).endsWith("Waiting: after a");
    }
  }

  @ParameterizedTest
  @CsvSource({"FAILED, 0", "DEGRADED, 0", "WARNING, 1"})
  void failsFromTheGivenLevelOnAndShowsWhatWasFound(FailOn failOn, int exit) throws Exception {
    // when
    int code = new BatchFollower(true, failOn).follow(followed());

    // then
    assertThat(code).isEqualTo(exit);
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("  ! cache: 61 of 100 tokens", "! cache; advice: vary_prompts: true");
  }
}
