package dev.caravan.observe.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Run;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a trend holds of the noise within a batch: what a comparison holds of it. */
class TrendIntervalTest {

  private static final String ROUNDS =
      "batch_name: nightly\nsweeps: {concurrency: [4, 8]}\nrepeat: 3\n";

  @TempDir private Path folder;

  private NightlyTree tree;

  @BeforeEach
  void prepare() throws Exception {
    tree = new NightlyTree(folder);
  }

  private Trend.Value value(String config, ToDoubleFunction<Run> faster) throws Exception {
    tree.batch(config, faster);
    Trend trend =
        new TrendReader(tree.finder(), List.of("output_tokens_per_s"), 1).read(List.of("nightly"));
    return trend.lines().get(0).values().get(0);
  }

  /** 0.8 in the first round, 1 in the second, 1.25 in the third. */
  private static double drift(Run run) {
    return Math.pow(1.25, run.place().repeat() - 2.0);
  }

  @Test
  void isWideWhereThePointsOfARoundDriftTogether() throws Exception {
    // when
    Trend.Value value = value(ROUNDS, TrendIntervalTest::drift);

    // then: 4.3 × 0.22 / √3 of the logarithms; as if all six were independent, it is [777, 1,288]
    assertThat(value.mean()).isBetween(980.0, 1_020.0);
    assertThat(value.low().orElseThrow()).isBetween(550.0, 600.0);
    assertThat(value.high().orElseThrow()).isBetween(1_670.0, 1_820.0);
  }

  @Test
  void isNarrowWhereThePointsOfARoundDriftApart() throws Exception {
    // when
    Trend.Value value =
        value(ROUNDS, run -> run.parameters().concurrency() == 4 ? drift(run) : 1 / drift(run));

    // then: the mean over the points is the same in each round
    assertThat(value.low().orElseThrow()).isBetween(950.0, value.mean());
    assertThat(value.high().orElseThrow()).isBetween(value.mean(), 1_050.0);
  }

  @Test
  void isThatOfTheRepeatsOfASinglePoint() throws Exception {
    // when
    Trend.Value value = value("batch_name: nightly\nrepeat: 3\n", TrendIntervalTest::drift);

    // then
    assertThat(value.low().orElseThrow()).isBetween(550.0, 600.0);
  }

  @Test
  void isAbsentOfASingleRound() throws Exception {
    // when
    Trend.Value value = value("batch_name: nightly\nsweeps: {concurrency: [4, 8]}\n", run -> 1);

    // then
    assertThat(value.low()).isEmpty();
    assertThat(value.high()).isEmpty();
  }
}
