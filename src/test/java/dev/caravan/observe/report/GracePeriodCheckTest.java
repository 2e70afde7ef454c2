package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Earlier latencies that are longer than the grace period of a config. */
class GracePeriodCheckTest {

  @TempDir Path folder;

  private SampleTree tree;

  @BeforeEach
  void createTree() throws IOException {
    tree = new SampleTree(folder);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 45.0 s | 30.0 s",
        "aiperf_options: {benchmark_grace_period: 40} | 45.0 s | 40.0 s",
        "aiperf_options: {benchmark_grace_period: 0} | 45.0 s | 0.0 s"
      })
  void warnsWhenTheSlowestEarlierRunTookLonger(String option, String latency, String grace)
      throws Exception {
    // given: request latencies p99 of 10 s and 45 s
    Batch earlier = tree.batch("slow", "concurrency: [1, 2]", "");
    tree.succeeded(earlier.run(0), 100, 1_000);
    tree.succeeded(earlier.run(1), 100, 4_500);
    // then
    assertThat(warning(earlier, option))
        .contains(
            earlier.id()
                + "/concurrency2 had a request latency p99 of "
                + latency
                + ", longer than the grace period of "
                + grace
                + ": requests still running after it are cut off; set"
                + " aiperf_options.benchmark_grace_period");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "aiperf_options: {benchmark_grace_period: 60}",
        "aiperf_options: {request_count: 10," + " benchmark_grace_period: 46}"
      })
  void isSilentWhenTheGracePeriodIsLongEnough(String option) throws Exception {
    // given
    Batch earlier = tree.batch("slow", "concurrency: [1]", "");
    tree.succeeded(earlier.run(0), 100, 4_500);
    // then
    assertThat(warning(earlier, option)).isEmpty();
  }

  @Test
  void isSilentWithoutEarlierRunsThatCompleted() throws Exception {
    // given
    Batch earlier = tree.batch("slow", "concurrency: [1]", "");
    tree.ended(earlier.run(0), Outcome.FAILED, "crashed", "no");
    // then
    assertThat(warning(earlier, "")).isEmpty();
    assertThat(
            new GracePeriodCheck(new BatchReader())
                .warning(earlier.config(), folder.resolve("none")))
        .isEmpty();
  }

  private static Optional<String> warning(Batch earlier, String option)
      throws ConfigRefusedException {
    String config =
        "batch_name: slow\n" + FixedRules.BASE + (option.isEmpty() ? "" : "  " + option + "\n");
    return new GracePeriodCheck(new BatchReader())
        .warning(FixedRules.read(config), earlier.folder().getParent());
  }
}
