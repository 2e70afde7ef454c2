package dev.caravan.observe.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.analysis.Comparison;
import dev.caravan.analysis.Measured;
import dev.caravan.analysis.MetricRule;
import dev.caravan.analysis.Noise;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Why a comparison is inconclusive, in words. */
class WordingTest {

  private static final double[] CALM = {10, 10.2, 9.8};

  @Test
  void tellsHowManyRepeatsWouldTell() {
    assertThat(advice(0, 1, 10, 11, 9.1)).isEqualTo("about 60 repeats are needed");
  }

  @Test
  void blamesRepeatsForTheirOwnSpread() {
    assertThat(advice(0.01, 1.7, 1, 30, 1_000))
        .isEqualTo("more than 1,000 repeats are needed, because they vary so much");
  }

  @Test
  void blamesNoiseBetweenBatchesOnlyForWhatItHides() {
    assertThat(advice(0.02, 1, CALM))
        .isEqualTo("no number of repeats can show a change of 5 % with this noise between batches");
  }

  @Test
  void saysOfAnUnboundedChangeThatNoiseLeavesRoom() {
    assertThat(advice(0, 1.03, CALM))
        .isEqualTo("noise does not rule out 5 %; more repeats narrow the interval");
  }

  @Test
  void saysOfALikelyRegressionWhatItLacks() {
    assertThat(advice(0, 1.055, CALM))
        .isEqualTo(
            "too likely a regression to PASS, but FAIL needs p < 0.01 (0.015); more repeats are"
                + " needed");
  }

  /** What is said of a candidate that is so many times its base. */
  private static String advice(double noise, double factor, double... base) {
    MetricRule metric = new MetricRule("itl_ms_p50", false, 0.05, Noise.assumed(noise));
    double[] candidate = Arrays.stream(base).map(value -> factor * value).toArray();
    Comparison comparison =
        Comparison.of(
            List.of(new Measured(metric, "p", List.of(base), List.of(candidate))), List.of());
    String sentence = new Wording("a/1", "b/2", Map.of()).verdict(comparison, List.of());
    assertThat(sentence).startsWith("INCONCLUSIVE b/2: ITL p50 ").contains(" vs. a/1; ");
    return sentence.substring(sentence.indexOf("; ") + 2);
  }
}
