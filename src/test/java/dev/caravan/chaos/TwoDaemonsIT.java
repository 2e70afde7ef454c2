package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two daemons with separate homes on one host, with the same targets. */
class TwoDaemonsIT {

  private final Experiment experiment = new Experiment("two daemons");

  @Test
  void neverBenchmarkATargetConcurrently(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
    // given
    int targets = experiment.size(2, 8);
    int runs = experiment.size(32, 4000);
    RecordingAiperf aiperf = new RecordingAiperf(folder.resolve("bin"));
    try (FakeTargets llms = new FakeTargets(targets);
        Testbed one = testbed(folder, "one", aiperf, llms);
        Testbed two = testbed(folder, "two", aiperf, llms)) {
      while (one.ledger().runs() + two.ledger().runs() < runs) {
        Testbed testbed = experiment.random().nextBoolean() ? one : two;
        testbed.submit(4, "fake-sleep-0.1", experiment.random().nextInt(targets));
      }

      // when
      Program first = one.startDaemon();
      Program second = two.startDaemon();
      one.awaitSettled(first, Duration.ofMinutes(experiment.size(3, 40)));
      two.awaitSettled(second, Duration.ofMinutes(experiment.size(3, 40)));

      // then
      List<Ledger.Findings> found =
          List.of(one.ledger().check(one.home()), two.ledger().check(two.home()));
      experiment.report(
          "%d targets, %d runs, %d executions; overlapping intervals %d; %s; %s"
              .formatted(
                  targets,
                  one.ledger().runs() + two.ledger().runs(),
                  aiperf.executions().size(),
                  aiperf.overlaps().size(),
                  found.get(0).summary(),
                  found.get(1).summary()));
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

  private static Testbed testbed(
      Path folder, String name, RecordingAiperf aiperf, FakeTargets llms) {
    Testbed testbed = new Testbed(folder, name, aiperf, llms);
    testbed
        .caravan()
        .with("CARAVAN_WORKERS", String.valueOf(llms.count()))
        .with("CARAVAN_HOST_PARALLEL", String.valueOf(2 * llms.count()));
    return testbed;
  }
}
