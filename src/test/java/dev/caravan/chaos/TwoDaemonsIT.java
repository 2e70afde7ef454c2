package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two daemons of two homes on one host, with the same targets. */
class TwoDaemonsIT {

  private final Experiment chaos = new Experiment("two daemons");

  @Test
  void neverBenchmarkOneTargetAtTheSameTime(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
    // given
    int targets = chaos.size(4, 8);
    int runs = chaos.size(80, 4000);
    RecordingAiperf aiperf = new RecordingAiperf(folder.resolve("bin"));
    try (FakeTargets llms = new FakeTargets(targets);
        Testbed one = scene(folder, "one", aiperf, llms);
        Testbed two = scene(folder, "two", aiperf, llms)) {
      while (one.ledger().runs() + two.ledger().runs() < runs) {
        Testbed scene = chaos.random().nextBoolean() ? one : two;
        scene.submit(4, "fake-sleep-0.1", chaos.random().nextInt(targets));
      }

      // when
      Program first = one.live();
      Program second = two.live();
      one.awaitSettled(first, Duration.ofMinutes(chaos.size(3, 40)));
      two.awaitSettled(second, Duration.ofMinutes(chaos.size(3, 40)));

      // then
      List<Ledger.Findings> found =
          List.of(one.ledger().check(one.home()), two.ledger().check(two.home()));
      chaos.figures(
          "%d targets, %d runs, %d executions; overlapping intervals %d; %s; %s"
              .formatted(
                  targets,
                  one.ledger().runs() + two.ledger().runs(),
                  aiperf.executions().size(),
                  aiperf.overlaps().size(),
                  found.get(0).message(),
                  found.get(1).message()));
      assertThat(aiperf.overlaps()).isEmpty();
      assertThat(aiperf.executions()).hasSize(one.ledger().runs() + two.ledger().runs());
      found.forEach(
          of -> {
            assertThat(of.lost()).isEmpty();
            assertThat(of.unexpected()).isEmpty();
            assertThat(of.duplicated()).isEmpty();
            assertThat(of.outcomes()).containsOnlyKeys("succeeded");
          });
    }
  }

  private static Testbed scene(Path folder, String name, RecordingAiperf aiperf, FakeTargets llms) {
    Testbed scene = new Testbed(folder, name, aiperf, llms);
    scene
        .caravan()
        .with("CARAVAN_WORKERS", String.valueOf(llms.count()))
        .with("CARAVAN_HOST_PARALLEL", String.valueOf(2 * llms.count()));
    return scene;
  }
}
