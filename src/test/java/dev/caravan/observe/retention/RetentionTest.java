package dev.caravan.observe.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.FixedRules;
import dev.caravan.config.settings.ResultsKeep;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.observe.compare.Baselines;
import dev.caravan.observe.compare.CompareRules;
import dev.caravan.observe.compare.Comparisons;
import dev.caravan.observe.compare.UsedBatches;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {

  private static final String NIGHTLY = "batch_name: nightly\n" + OldBatches.SWEEP;
  private static final ResultsKeep ONE = ResultsKeep.newest(1, false);

  private static final String COMPARED =
      "newer batches are compared with it, or the next one will be";

  @TempDir private Path folder;

  private OldBatches old;

  @BeforeEach
  void prepare() throws IOException {
    old = new OldBatches(folder);
  }

  private List<Batch> nights(int count, String config) throws IOException {
    List<Batch> nights = new ArrayList<>();
    for (int night = 0; night < count; night++) {
      nights.add(old.ended(config));
    }
    return nights;
  }

  private static List<String> going(List<Surplus> surplus) {
    return surplus.stream().filter(each -> each.staysBecause().isEmpty()).map(Surplus::id).toList();
  }

  private static Optional<String> stays(List<Surplus> surplus, Batch batch) {
    return surplus.stream()
        .filter(each -> each.folder().equals(batch.folder()))
        .findFirst()
        .flatMap(Surplus::staysBecause);
  }

  @Test
  void keepsTheNewestBatchesOfEachName() throws Exception {
    // given
    List<Batch> nights = nights(4, NIGHTLY);
    nights(2, "batch_name: weekly\n" + OldBatches.SWEEP);

    // when
    List<Surplus> all = old.retention().surplus(ResultsKeep.newest(2, false));
    List<Surplus> nightly = old.retention().surplus(ResultsKeep.newest(3, false), "nightly");

    // then
    assertThat(going(all)).containsExactly(nights.get(1).id(), nights.get(0).id());
    assertThat(going(nightly)).containsExactly(nights.get(0).id());
    assertThatThrownBy(() -> old.retention().surplus(ONE, "nigthly"))
        .hasMessage("there is no batch of the name \"nigthly\"");
  }

  @Test
  void keepsBatchesThatEndedLately() throws Exception {
    // given
    Batch batch = old.ended(NIGHTLY);
    ResultsKeep rule = ResultsKeep.younger(Duration.ofDays(90), false);

    // when, then
    assertThat(old.retention(Duration.ofDays(90)).surplus(rule)).isEmpty();
    assertThat(going(old.retention(Duration.ofDays(91)).surplus(rule))).containsExactly(batch.id());
  }

  @Test
  void neverTouchesWhatHasNotFinished() throws Exception {
    // given
    Batch begun = old.tree.batch(NIGHTLY + FixedRules.BASE);
    old.tree.summarise(begun, false);
    Batch reopened = old.ended(NIGHTLY);
    old.tree.home().open.ensure(reopened);
    old.ended(NIGHTLY);

    // when
    List<Surplus> surplus = old.retention().surplus(ONE);

    // then
    assertThat(stays(surplus, begun)).contains("it has not finished");
    assertThat(stays(surplus, reopened)).contains("it has not finished");
  }

  @Test
  void saysNothingOfABatchThatAnotherPrunesMeanwhile() throws Exception {
    // given
    Batch oldest = old.ended(NIGHTLY);
    Batch older = old.ended(NIGHTLY);
    old.ended(NIGHTLY);
    InstantSource meanwhile =
        () -> {
          deleteNow(oldest);
          return Instant.now();
        };

    // when
    List<Surplus> surplus =
        new Retention(
                old.finder(),
                UsedBatches.of(old.settings()),
                old.protection(new DurableFiles()),
                meanwhile)
            .surplus(ONE);

    // then
    assertThat(surplus).extracting(Surplus::id).containsExactly(older.id());
  }

  private static void deleteNow(Batch batch) {
    try {
      new DurableFiles().delete(batch.folder());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void neverTouchesBaselinesAndNothingWhenOneCannotBeRead() throws Exception {
    // given
    List<Batch> nights = nights(3, NIGHTLY);
    Baselines baselines = new Baselines(old.home(), new DurableFiles());
    baselines.store(
        "release",
        Comparisons.of(old.settings(), CompareRules.USUAL)
            .batch(nights.get(0).folder().toString()));

    // when
    List<Surplus> surplus = old.retention().surplus(ONE);

    // then
    assertThat(stays(surplus, nights.get(0))).contains("it is the baseline \"release\"");
    assertThat(going(surplus)).containsExactly(nights.get(1).id());

    // when
    Files.writeString(old.home().state().resolve("baselines/other.json"), "{");

    // then
    assertThatThrownBy(() -> old.retention().surplus(ONE))
        .hasMessageContaining("not known which batch the baseline \"other\" is of");
  }

  @Test
  void neverTouchesWhatTheLastBatchesAreComparedWith() throws Exception {
    // given
    List<Batch> nights = nights(6, NIGHTLY + "compare: {last: 2}\n");
    OldBatches.judged(nights.get(3), "FAIL");

    // when
    List<Surplus> surplus = old.retention().surplus(ONE);

    // then
    assertThat(stays(surplus, nights.get(4))).contains(COMPARED);
    assertThat(stays(surplus, nights.get(2))).contains(COMPARED);
    assertThat(going(surplus))
        .as("the failed one, and those before")
        .containsExactly(nights.get(3).id(), nights.get(1).id(), nights.get(0).id());
  }

  @Test
  void neverTouchesTheLastPassOrABatchThatAConfigNames() throws Exception {
    // given
    Batch named = old.ended(NIGHTLY);
    Batch passed = old.ended(NIGHTLY);
    Batch open = old.ended(NIGHTLY);
    OldBatches.judged(passed, "PASS");
    OldBatches.judged(open, "INCONCLUSIVE");
    old.ended(NIGHTLY + "compare: {batch: " + named.id() + "}\n");
    old.ended(NIGHTLY + "compare: {last_pass: true}\n");

    // when
    List<Surplus> surplus = old.retention().surplus(ResultsKeep.newest(2, false));

    // then
    assertThat(going(surplus)).contains(open.id()).doesNotContain(named.id());
  }

  @Test
  void neverTouchesABatchThatOneOfAnotherNameNames() throws Exception {
    // given
    List<Batch> nights = nights(3, NIGHTLY);
    Batch middle =
        old.ended(
            "batch_name: middle\n"
                + OldBatches.SWEEP
                + ("compare: {batch: " + nights.get(1).id() + "}\n"));
    old.ended("batch_name: middle\n" + OldBatches.SWEEP);
    old.ended(
        "batch_name: release\n" + OldBatches.SWEEP + "compare: {batch: " + middle.id() + "}\n");

    // when, then
    for (List<Surplus> surplus :
        List.of(old.retention().surplus(ONE), old.retention().surplus(ONE, "nightly"))) {
      assertThat(stays(surplus, nights.get(1))).contains(COMPARED);
      assertThat(going(surplus)).containsExactly(nights.get(0).id());
    }
  }

  @Test
  void takesABatchThatLinksLeadToOnce() throws Exception {
    // given
    List<Batch> nights = nights(3, NIGHTLY);
    Path results = nights.get(0).folder().getParent().getParent();
    Files.createSymbolicLink(results.resolve("alias"), results.resolve("nightly"));
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Files.move(nights.get(0).folder(), elsewhere.resolve(nights.get(0).folder().getFileName()));
    Files.createSymbolicLink(results.resolve("outside"), elsewhere);
    nights(1, "batch_name: outside-too\n" + OldBatches.SWEEP);

    // when
    List<Surplus> two = old.retention().surplus(ResultsKeep.newest(2, false));
    List<Surplus> one = old.retention().surplus(ONE);

    // then
    assertThat(two).isEmpty();
    assertThat(going(one)).containsExactly(nights.get(1).id());
    assertThat(
            old.protection(new DurableFiles())
                .reasons()
                .of(results.resolve("outside").resolve(nights.get(0).folder().getFileName())))
        .contains("it is a link");
  }

  @Test
  void protectsABatchByWhateverPathItIsReached() throws Exception {
    // given
    List<Batch> nights = nights(4, NIGHTLY);
    Baselines baselines = new Baselines(old.home(), new DurableFiles());
    baselines.store(
        "release",
        Comparisons.of(old.settings(), CompareRules.USUAL)
            .batch(nights.get(0).folder().toString()));
    old.tree.home().open.ensure(nights.get(1));
    Path link = Files.createSymbolicLink(folder.resolve("link"), old.home().root());
    Settings settings =
        Settings.of(
            link,
            Map.of("CARAVAN_RESULTS_ROOTS", nights.get(0).folder().getParent().getParent() + ""),
            new Properties());
    Protection protection = Protection.of(new Home(link), new DurableFiles(), Optional.empty());

    // when
    List<Surplus> surplus =
        new Retention(settings, BatchFinder.of(settings), protection).surplus(ONE);

    // then
    assertThat(surplus).hasSize(3);
    assertThat(going(surplus)).containsExactly(nights.get(2).id());
  }

  @Test
  void theDaemonTouchesNoBatchOfAnotherHome() throws Exception {
    // given
    List<Batch> nights = nights(2, NIGHTLY);
    Home home = old.home();

    // when
    Protection own = Protection.of(home, new DurableFiles(), Optional.of(ScratchHome.OWNER.home()));
    Protection other = Protection.of(home, new DurableFiles(), Optional.of("another"));

    // then
    assertThat(own.reasons().of(nights.get(0).folder())).isEmpty();
    assertThat(other.reasons().of(nights.get(0).folder())).contains("it is of another home");
  }
}
