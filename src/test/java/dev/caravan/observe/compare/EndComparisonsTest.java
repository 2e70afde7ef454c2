package dev.caravan.observe.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.analysis.Verdict;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.observe.report.BatchVerdict;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when a batch ends whose config has {@code compare}. */
class EndComparisonsTest {

  private static final String NIGHTLY =
      "batch_name: nightly\nrepeat: 5\nsweeps: {concurrency: [4, 8]}\ncompare: {last: 5}\n";

  @TempDir private Path folder;

  private final List<PipelineChange.Compared> told = new CopyOnWriteArrayList<>();
  private final AtomicBoolean diskFull = new AtomicBoolean();
  private final AtomicInteger unstored = new AtomicInteger();
  private final PipelineListeners listeners = new PipelineListeners();
  private NightlyTree tree;
  private Home home;

  @BeforeEach
  void prepare() throws IOException {
    tree = new NightlyTree(folder);
    home = tree.home();
    listeners.add(
        change -> {
          if (diskFull.get()) {
            unstored.incrementAndGet();
            throw new IOException("no space left");
          }
          told.add((PipelineChange.Compared) change);
        });
  }

  @Test
  void comparesInTheBackgroundAndTellsTheVerdict() throws Exception {
    // given
    tree.batch(NIGHTLY, 1);
    Batch slow = tree.batch(NIGHTLY, 0.7);
    try (EndComparisons comparisons = comparisons()) {
      // when
      comparisons.changed(finished(slow));

      // then
      await().until(() -> notes().isEmpty());
    }
    BatchVerdict verdict = BatchVerdict.read(slow.folder()).orElseThrow();
    assertThat(verdict.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(verdict.sentence()).startsWith("FAIL " + slow.id() + ": ").contains(" vs. last 5");
    assertThat(told)
        .extracting(change -> new BatchVerdict(change.verdict(), change.sentence()))
        .containsExactly(verdict);
  }

  @Test
  void makesAComparisonThatAKillPreventedAtTheNextStart() throws Exception {
    // given
    tree.batch(NIGHTLY, 1);
    Batch batch = tree.batch(NIGHTLY, 1);
    EndComparisons killed = comparisons();
    killed.close();
    killed.changed(finished(batch));
    assertThat(BatchVerdict.read(batch.folder())).isEmpty();

    // when
    try (EndComparisons comparisons = comparisons()) {
      comparisons.restore();

      // then
      await().until(() -> notes().isEmpty());
    }
    assertThat(BatchVerdict.read(batch.folder())).isPresent();
    assertThat(told).hasSize(1);
  }

  @Test
  void triesAgainAtTheNextStartWhatCouldNotBeStored() throws Exception {
    // given
    Batch batch = tree.batch(NIGHTLY, 1);
    diskFull.set(true);
    try (EndComparisons comparisons = comparisons()) {
      comparisons.changed(finished(batch));
      await().until(() -> unstored.get() == 1);
    }
    assertThat(BatchVerdict.read(batch.folder())).isPresent();
    assertThat(notes()).hasSize(1);

    // when
    diskFull.set(false);
    try (EndComparisons comparisons = comparisons()) {
      comparisons.restore();
      await().until(() -> notes().isEmpty());
    }

    // then
    assertThat(told).extracting(PipelineChange.Compared::verdict).containsExactly(Verdict.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "{}", "[1]", "\u0001\u00ff"})
  void refusesInWordsWhatHasADamagedBase(String content) throws Exception {
    // given
    Batch batch = tree.batch(NIGHTLY.replace("last: 5", "baseline: release"), 1);
    Path folder = Files.createDirectories(home.state().resolve("baselines"));
    Files.writeString(folder.resolve("release.json"), content);
    try (EndComparisons comparisons = comparisons()) {
      // when
      BatchVerdict verdict = comparisons.compare(batch).orElseThrow();

      // then
      assertThat(verdict.verdict()).isEqualTo(Verdict.REFUSED);
      assertThat(verdict.sentence()).contains("release.json");
    }
  }

  @Test
  void refusesInWordsWhatHasNoBase() throws Exception {
    // given
    Batch batch = tree.batch(NIGHTLY.replace("last: 5", "baseline: release"), 1);
    try (EndComparisons comparisons = comparisons()) {
      // when
      BatchVerdict verdict = comparisons.compare(batch).orElseThrow();

      // then
      assertThat(verdict.verdict()).isEqualTo(Verdict.REFUSED);
      assertThat(verdict.sentence())
          .startsWith("REFUSED " + batch.id() + ": there is no baseline \"release\"");
      assertThat(BatchVerdict.read(batch.folder())).contains(verdict);
    }
  }

  @Test
  void leavesOtherBatchesAlone() throws Exception {
    // given
    Batch batch = tree.night(1);
    try (EndComparisons comparisons = comparisons()) {
      // when
      comparisons.changed(finished(batch));

      // then
      assertThat(comparisons.compare(batch)).isEmpty();
      assertThat(notes()).isEmpty();
    }
  }

  @Test
  void leavesOutTheEndOfABatchThatARetryHasReopened() throws Exception {
    // given
    Batch batch = tree.batch(NIGHTLY, 1);
    EndComparisons killed = comparisons();
    killed.close();
    killed.changed(finished(batch));
    new ControlStore(new DurableFiles())
        .write(batch, Control.NONE.withReruns(Map.of(0, 1), new Control.Order("ann", "again")));

    // when
    try (EndComparisons comparisons = comparisons()) {
      comparisons.restore();
      await().until(() -> notes().isEmpty());
    }

    // then
    assertThat(BatchVerdict.read(batch.folder())).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void setsAsideWhatIsNoNoteAndKeepsTheNoteOfABatchOutOfReach() throws Exception {
    // given
    Batch batch = tree.batch(NIGHTLY, 1);
    EndComparisons killed = comparisons();
    killed.close();
    killed.changed(finished(batch));
    Path folder = home.state().resolve("comparing");
    for (String odd : List.of("{}", "null", "")) {
      Files.writeString(folder.resolve("odd" + odd.length() + ".json"), odd);
    }
    Files.createDirectory(folder.resolve("odd9.json"));
    Path away = batch.folder().getParent().resolveSibling("unmounted");
    Files.move(batch.folder().getParent(), away);

    // when
    try (EndComparisons comparisons = comparisons()) {
      comparisons.restore();
      await()
          .until(
              () ->
                  IntStream.of(0, 2, 4, 9)
                      .allMatch(n -> Files.exists(folder.resolve("odd" + n + ".json.damaged"))));
    }

    // then
    assertThat(notes()).hasSize(5);
  }

  @Test
  void takesTheVerdictBackWhenARunIsRetried() throws Exception {
    // given
    Batch batch = tree.batch(NIGHTLY, 1);
    NightlyTree.judged(batch, "PASS");
    try (EndComparisons comparisons = comparisons()) {
      // when
      comparisons.changed(new PipelineChange.Reopened(batch.run(0)));
    }

    // then
    assertThat(batch.folder().resolve(BatchFolder.COMPARISON)).doesNotExist();
  }

  private EndComparisons comparisons() {
    DurableFiles files = new DurableFiles();
    Settings settings = Settings.of(home.root(), Map.of(), new Properties());
    return new EndComparisons(
        settings, home, files, new BatchStore(files), new ControlStore(files), listeners);
  }

  private List<Path> notes() throws IOException {
    Path notes = home.state().resolve("comparing");
    return Files.isDirectory(notes) ? new DurableFiles().list(notes) : List.of();
  }

  private static PipelineChange finished(Batch batch) {
    return new PipelineChange.Finished(
        batch, BatchSummary.read(batch.folder().resolve(BatchFolder.SUMMARY)).orElseThrow());
  }
}
