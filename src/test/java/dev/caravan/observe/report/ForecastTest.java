package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForecastTest {

  /** What a run is taken to need beyond its benchmark_duration. */
  private static final int BEYOND = 5;

  private static final String SEARCH =
      """
      slo: {error_rate_pct: 1}
      search: {concurrency: [1, 512]}
      """;

  private SampleTree tree;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    tree = new SampleTree(folder);
  }

  private Batch batch(String sections) {
    return tree.batch("batch_name: b\n" + FixedRules.BASE + sections);
  }

  private static double end(Batch batch, int total, int done) {
    return new Forecast(new RunTimes(List.of()), 1)
        .next(batch, total, done, Optional.empty(), Duration.ZERO)
        .end();
  }

  @Test
  void countsTheRunsOfEachSearchWithTheirOwnTime() {
    // given
    Batch batch = batch(SEARCH + "sweeps: {benchmark_duration: [10, 1000]}\n");
    int each = batch.size() / 2;
    // then
    assertThat(end(batch, 2 * each, 0)).isEqualTo(each * (10 + BEYOND + 1000 + BEYOND));
  }

  @Test
  void knowsThatTheFirstSearchIsOver() {
    // given: after 12 runs, and 3 of the other
    Batch batch = batch(SEARCH + "sweeps: {benchmark_duration: [10, 1000]}\n");
    int each = batch.size() / 2;
    // then
    assertThat(end(batch, 12 + each, 15)).isEqualTo((each - 3) * (1000 + BEYOND));
  }

  @Test
  void countsAlikeRunsOfASearch() {
    // given
    Batch batch = batch(SEARCH);
    // then
    assertThat(end(batch, batch.size(), 7)).isEqualTo((batch.size() - 7) * (5 + BEYOND));
  }

  @Test
  void countsTheRunsOfASweepInTheirOrder() {
    // given
    Batch batch = batch("sweeps: {benchmark_duration: [10, 1000]}\n");
    // then
    assertThat(end(batch, 2, 0)).isEqualTo(10 + 1000 + 2 * BEYOND);
    assertThat(end(batch, 2, 1)).isEqualTo(1000 + BEYOND);
  }
}
