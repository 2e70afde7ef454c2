package dev.caravan.pipeline.accept;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.model.Claim;
import dev.caravan.testing.PowerCut;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A power cut at every single file change from the claim to the archiving. */
class AcceptanceCrashTest {

  private static final String GOOD = FixedRules.BASE + "sweeps: {concurrency: [1, 2]}\n";
  private static final List<String> OVERRIDES = List.of("--set sweeps.concurrency=[1, 2, 4]");
  private static final String GIVEN =
      "# caravan-overrides: [\"" + OVERRIDES.get(0) + "\"]\n" + GOOD;
  private static final String BAD = "base_config: 3\n";

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void createsExactlyOneBatchWheneverThePowerFails(PowerCut.When when) throws Exception {
    int cuts = 0;
    for (boolean wasCut = true; wasCut; cuts++) {
      // given
      Path home = Files.createDirectories(folder.resolve(when.name() + cuts));
      new ScratchHome(home).drop("a.yaml", GIVEN);
      PowerCut disk = new PowerCut(cuts + 1, when);
      // when
      runProcess(new ScratchHome(home, disk));
      wasCut = !disk.neverHappened();
      runProcess(new ScratchHome(home));
      // then
      assertAcceptedOnce(new ScratchHome(home), when + " change " + (cuts + 1));
    }
    assertThat(cuts).isGreaterThan(8);
  }

  @ParameterizedTest
  @EnumSource
  void survivesASecondPowerCutDuringRecovery(PowerCut.When when) throws Exception {
    for (int first = 1; first <= 9; first++) {
      for (int second = 1; second <= 9; second += 2) {
        // given
        Path home = Files.createDirectories(folder.resolve(when.name() + first + "-" + second));
        new ScratchHome(home).drop("a.yaml", GIVEN);
        // when
        runProcess(new ScratchHome(home, new PowerCut(first, when)));
        runProcess(new ScratchHome(home, new PowerCut(second, when)));
        runProcess(new ScratchHome(home));
        // then
        assertAcceptedOnce(new ScratchHome(home), when + " changes " + first + ", " + second);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesExactlyOnceWheneverThePowerFails(PowerCut.When when) throws Exception {
    int cuts = 0;
    for (boolean wasCut = true; wasCut; cuts++) {
      // given
      Path home = Files.createDirectories(folder.resolve(when.name() + cuts));
      new ScratchHome(home).drop("a.yaml", BAD);
      PowerCut disk = new PowerCut(cuts + 1, when);
      // when
      runProcess(new ScratchHome(home, disk));
      wasCut = !disk.neverHappened();
      runProcess(new ScratchHome(home));
      // then
      ScratchHome after = new ScratchHome(home);
      assertThat(visible(after.home.failed()))
          .as("%s change %d", when, cuts + 1)
          .containsExactly("a.yaml", "a.yaml.problems.txt");
      assertThat(names(after.home.claimed())).isEmpty();
    }
    assertThat(cuts).isGreaterThan(2);
  }

  /** One process, as the inbox routes run it: leftover claims first, then the inbox. */
  private static void runProcess(ScratchHome scratch) throws IOException {
    try {
      for (Claim claim : scratch.inbox.unfinished()) {
        accept(scratch, claim);
      }
      Path dropped = scratch.home.inbox().resolve("a.yaml");
      if (Files.exists(dropped)) {
        accept(scratch, scratch.inbox.claim(dropped.toString()));
      }
    } catch (PowerCut.PowerCutError cut) {
      assertThat(cut).hasMessageStartingWith("power cut");
    }
  }

  private static void accept(ScratchHome scratch, Claim claim) throws IOException {
    try {
      scratch.acceptAndArchive(claim);
    } catch (ConfigRefusedException e) {
      scratch.inbox.refuse(claim, e);
    }
  }

  private static void assertAcceptedOnce(ScratchHome after, String when) throws IOException {
    Path parent = after.home.root().resolve("aiperf_results/benchmark");
    List<String> batches = names(parent);
    assertThat(batches).as(when).hasSize(1).allMatch(name -> name.matches("\\d{8}_\\d{6}"));
    Batch batch = after.batches.load(parent.resolve(batches.get(0)));
    assertThat(batch.folder().resolve("config.yaml")).as(when).hasContent(GOOD);
    assertThat(batch.record().overrides().options()).as(when).isEqualTo(OVERRIDES);
    assertThat(batch.size()).as(when).isEqualTo(3).isEqualTo(batch.record().runs());
    assertThat(names(batch.folder())).as(when).containsExactly("batch.json", "config.yaml");
    assertThat(visible(after.home.done())).as(when).containsExactly("a.yaml");
    assertThat(names(after.home.claimed())).as(when).isEmpty();
    assertThat(visible(after.home.inbox())).as(when).isEmpty();
    List<OpenBatches.Entry> open = after.open.entries();
    assertThat(open).as(when).hasSize(1);
    assertThat(after.open.folder(open.get(0))).as(when).contains(batch.folder());
  }

  private static List<String> visible(Path folder) throws IOException {
    return names(folder).stream().filter(name -> !name.startsWith(".")).toList();
  }
}
